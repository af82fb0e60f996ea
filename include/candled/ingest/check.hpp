// Checks of an exchange's settings that need no connection.
#pragma once

#include "candled/domain/result.hpp"
#include "candled/flow/world.hpp"
#include "candled/ingest/settings.hpp"

namespace candled::ingest {

// Refuses URLs that cannot be read and a ca_file that holds no certificate.
Result<void> check_settings(const ExchangeSettings& settings, flow::World& world);

}  // namespace candled::ingest
