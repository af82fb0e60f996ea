#include "candled/engine/prune.hpp"

#include "engine/retention_task.hpp"

namespace candled::engine {

Result<std::int64_t> prune(const EngineSettings& settings, const store::Reader& reader, flow::Log& log) {
  store::Retention retention(settings.database, settings.markets);
  return RetentionTask(settings, reader, retention, log).prune_everything();
}

}  // namespace candled::engine
