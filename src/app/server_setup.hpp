// From the config and the counters of the stations to a server.
#pragma once

#include <memory>

#include "candled/config/config.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/engine/trainer.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/feed_statistics.hpp"
#include "candled/server/server.hpp"

namespace candled::app {

// What the daemon lends to its server; all of it outlives the server.
struct ServerDependencies {
  const engine::EngineStatistics& engine;
  const ingest::FeedStatistics& feed;
  const engine::TrainerStatistics& trainer;
  flow::Log& log;
  // Promote, rollback, pause, resume; empty: the API answers that it cannot.
  std::function<Result<std::string>(server::ControlAction action, const std::string& model)> control = {};
};

// Null when the config wants none. Throws what server::Server throws.
std::unique_ptr<server::Server> make_server(const config::Config& config, const ServerDependencies& dependencies);

}  // namespace candled::app
