#include "app/server_setup.hpp"

#include <algorithm>

#include "app/health_watch.hpp"
#include "app/metrics.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/live_scoring.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/flow/descriptors.hpp"
#include "candled/flow/version.hpp"
#include "candled/model/registry.hpp"
#include "candled/net/endpoint.hpp"
#include "candled/net/url.hpp"

namespace candled::app {
namespace {

constexpr Duration model_age_max = Duration::days(7);
constexpr int trainings_max = 24;
// Descriptors that are not the clients': the database and its log for each reader and for the writer, a training, the log, the loops; and
// of each exchange its stream, REST, and the next ones of both while they are made.
constexpr std::size_t descriptors_of_process = 36, descriptors_of_exchange = 6;
constexpr std::size_t connections_min = 4, streams_min = 2;

// "wss://127.0.0.1:8510/v2" is an exchange on this machine: a market that a simulator plays.
bool is_simulated(const config::Config& config) {
  return std::ranges::any_of(config.exchanges, [](const ingest::ExchangeSettings& exchange) {
    const Result<net::Url> url = net::parse_url(exchange.websocket_url);
    return url && net::is_loopback(url->host);
  });
}

// Idle clients must not take the descriptors that the feed and the database need.
void leave_descriptors(server::ServerSettings& settings, const config::Config& config, flow::Log& log) {
  const std::size_t limit = flow::raise_descriptor_limit();
  const std::size_t reserved = descriptors_of_process + descriptors_of_exchange * config.exchanges.size();
  const std::size_t room = limit > reserved ? limit - reserved : 0;
  if (settings.connections_max + settings.streams_max <= room) return;
  settings.streams_max = std::min(settings.streams_max, std::max(streams_min, room / 4));
  const std::size_t rest = room > settings.streams_max ? room - settings.streams_max : 0;
  settings.connections_max = std::min(settings.connections_max, std::max(connections_min, rest));
  log.warning("fewer http connections than configured",
              {{"connections", std::to_string(settings.connections_max)},
               {"streams", std::to_string(settings.streams_max)},
               {"why", std::to_string(limit) + " open files are allowed, and the feed and the database come first"},
               {"next", "raise the limit: ulimit -n, or LimitNOFILE of the unit"}});
}

std::vector<server::IndicatorInfo> indicator_infos(const config::Config& config) {
  std::vector<server::IndicatorInfo> infos;
  const features::FeatureSet set(config.candles.interval, config.features.list);
  for (const features::FeatureInfo& info : set.list())
    infos.push_back({info.name, info.unit, info.formula, info.warm_up_candles});
  return infos;
}

// Its score, and of the champion the drift besides.
std::string model_live(const engine::LiveReport& report, const std::string& name) {
  std::string text;
  for (const engine::ModelLive& one : report.models) {
    if (one.model == name) text = engine::to_json(one, report.champion == name ? &report.drift : nullptr);
  }
  return text;
}

Result<std::string> model_card(const std::string& directory, const std::string& name) {
  if (!model::is_model_name(name)) return refuse("there is no such model");
  return model::read_model_card(directory, name);
}

}  // namespace

std::unique_ptr<server::Server> make_server(const config::Config& config, const ServerDependencies& dependencies) {
  if (!config.server.enabled) return nullptr;
  server::ServerSettings settings;
  settings.listen = config.server.listen;
  settings.token = config.server.token;
  settings.database = config.storage.path;
  settings.markets = config.table;
  settings.connections_max = static_cast<std::size_t>(config.server.connections_max);
  leave_descriptors(settings, config, dependencies.log);
  settings.requests_per_second = config.server.requests_per_second;
  // A champion may stand for long because no newer one is better; but not for ever.
  if (config.training.enabled) settings.model_age_max = std::max(model_age_max, config.training.every * trainings_max);
  settings.version = flow::program_version();
  settings.simulated = is_simulated(config);
  settings.config_json = config.in_effect;
  settings.indicators = indicator_infos(config);
  // Both are kept by the functions that the server calls, on its thread.
  auto health = std::make_shared<HealthWatch>(config, dependencies.engine, dependencies.feed);
  const MarketTable markets = settings.markets;
  server::ServerSources sources{
      [dependencies, markets] {
        return collect_metrics(markets, dependencies.engine, dependencies.feed, dependencies.trainer);
      },
      [health] { return health->look(); },
      [directory = config.model.directory.string()](const std::string& name) { return model_card(directory, name); },
      dependencies.control,
      [dependencies](const std::string& name) { return model_live(*dependencies.trainer.live.get(), name); },
  };
  return std::make_unique<server::Server>(std::move(settings), std::move(sources), dependencies.log);
}

}  // namespace candled::app
