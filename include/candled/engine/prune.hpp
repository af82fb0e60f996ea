// prune: deletes at once what the daemon's retention deletes slice by slice, for a file that no daemon writes.
#pragma once

#include <cstdint>

#include "candled/domain/result.hpp"
#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/reader.hpp"

namespace candled::engine {

// The caller holds the file (a JournalWriter of this process). Returns the rows that went.
Result<std::int64_t> prune(const EngineSettings& settings, const store::Reader& reader, flow::Log& log);

}  // namespace candled::engine
