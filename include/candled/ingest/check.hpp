// What can be said of an exchange's settings without asking it.
#pragma once

#include "candled/domain/result.hpp"
#include "candled/flow/world.hpp"
#include "candled/ingest/settings.hpp"

namespace candled::ingest {

// Refuses URLs that cannot be read and a ca_file that holds no certificate.
Result<void> check_settings(const ExchangeSettings& settings, flow::World& world);

}  // namespace candled::ingest
