#include "candled/engine/prune.hpp"

#include "engine/caretaker.hpp"

namespace candled::engine {

Result<std::int64_t> prune(const EngineSettings& settings, const store::Reader& reader, flow::Log& log) {
  return Caretaker(settings, reader, log).prune_everything();
}

}  // namespace candled::engine
