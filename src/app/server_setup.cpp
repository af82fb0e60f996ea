#include "app/server_setup.hpp"

#include <algorithm>

#include "app/health_watch.hpp"
#include "app/metrics.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/engine/live_scoring.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/flow/version.hpp"
#include "candled/model/registry.hpp"
#include "candled/net/endpoint.hpp"
#include "candled/net/url.hpp"

namespace candled::app {
namespace {

constexpr Duration model_age_max = Duration::days(7);
constexpr int trainings_max = 24;

// "wss://127.0.0.1:8510/v2" is an exchange on this machine: a market that a simulator plays.
bool is_simulated(const config::Config& config) {
  return std::ranges::any_of(config.exchanges, [](const ingest::ExchangeSettings& exchange) {
    const Result<net::Url> url = net::parse_url(exchange.websocket_url);
    return url && net::is_loopback(url->host);
  });
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
