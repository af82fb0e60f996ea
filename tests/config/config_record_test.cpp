// The settings that are stored with a run: what decides is in them, and comes back as it was.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "candled/config/assembly.hpp"
#include "config/config_folder.hpp"

namespace candled::config {
namespace {

// Keys that decide nothing about what the conveyor makes of its events. A key that is new stands here or in the record.
const std::set<std::string> decide_nothing = {"storage.path",
                                              "storage.keep_trades",
                                              "storage.keep_features",
                                              "storage.durability",
                                              "market.book",
                                              "exchange.kraken.websocket_url",
                                              "exchange.kraken.rest_url",
                                              "exchange.kraken.ca_file",
                                              "exchange.kraken.clock_rate",
                                              "exchange.kraken.rest_interval",
                                              "exchange.kraken.watchdog",
                                              "exchange.kraken.subscribe_timeout",
                                              "exchange.kraken.hold_back",
                                              "history.on_start",
                                              "history.catch_up_max",
                                              "model.directory",
                                              "server.enabled",
                                              "server.listen",
                                              "server.token",
                                              "server.connections_max",
                                              "server.requests_per_second",
                                              "log.level",
                                              "log.format",
                                              "log.file",
                                              "threads.layout",
                                              "threads.queue_capacity"};

// Everything that the engine decides by. A member that is new does not compile here until it is looked at.
std::string decisions(const engine::EngineSettings& settings) {
  const auto& [database, markets, features, grace, paper, paper_of_market, strategies, model_directory,
               maximum_model_age, contributions, layout, queue_capacity, events_per_checkpoint, keep, config, version] =
      settings;
  std::string out =
      fmt::format("features {} grace {} model age {}\n", fmt::join(features, " "), grace.ns, maximum_model_age.ns);
  for (const Market& market : markets) out += fmt::format("market {} {}\n", market.name(), market.interval.ns);
  auto describe = [&](const trading::PaperSettings& one) {
    const auto& [starting_balance, costs, latency, stale_after, rules] = one;
    const auto& [fee, half_spread, slippage, minimum_order, maker_fee] = costs;
    const auto& [minimum_quantity, lot_step, price_step] = rules;
    out += fmt::format("paper {} {} {} {} {} {} {} {} {} {} {}\n", static_cast<std::int64_t>(starting_balance.units()),
                       latency.ns, stale_after.ns, fee.units(), half_spread.units(), slippage.units(),
                       static_cast<std::int64_t>(minimum_order.units()), maker_fee.units(),
                       minimum_quantity.usual_units().value(), lot_step.usual_units().value(),
                       price_step.usual_units().value());
  };
  describe(paper);
  for (const trading::PaperSettings& one : paper_of_market) describe(one);
  for (const trading::StrategySettings& strategy : strategies) {
    const auto& [name, kind, decide_every, cooldown, parameters] = strategy;
    out += fmt::format("strategy {} {} {} {}", name, kind, decide_every.ns, cooldown.ns);
    for (const auto& [parameter, value] : parameters) out += fmt::format(" {}={:.17g}", parameter, value);
    out += "\n";
  }
  return out;
}

void check_comes_back(const Config& config) {
  INFO(config.record);
  const Config again = load_recorded(config.record);
  CHECK(decisions(engine_settings(again)) == decisions(engine_settings(config)));
  // What was without a word in the file has one from here on.
  CHECK(load_recorded(again.record).record == again.record);
}

TEST_CASE("the recorded settings come back as they were") {
  check_comes_back(load_config(std::nullopt, {}));
  check_comes_back(load(R"(
[candles]
interval = "5m"
grace = "2s"
[training]
horizon = "15m"
maximum_age = "3d"
[paper]
starting_balance = "123456789.12345678"
fee_bps = 12.345
maker_fee_bps = 1.5
slippage_bps = 0.1
half_spread_bps = 0.7
latency_ms = 333
minimum_order = 0.5
stale_after = "90s"
[exchange.kraken]
taker_fee_bps = 26
maker_fee_bps = 16.25
[features]
list = ["rsi_14", "sma_ratio_20"]
[[market]]
symbol = "ETH/USD"
interval = "1m"
minimum_quantity = "0.00000001"
lot_step = 0.001
price_step = "0.0000000001"
book = 10
[[market]]
symbol = "BTC/USD"
[[strategy]]
name = "mine"
kind = "threshold"
enter = 0.5123456789012345
leave = 0.45
stop_loss = 0.03
cooldown = "10m"
decide_every = "15m"
[[strategy]]
name = "other"
kind = "dynamic"
)"));
}

// Written by the program before sections belonged to rooms; stored records of runs look like this one for ever.
const std::string record_of_an_older_build = R"([exchange.kraken]
maker_fee_bps = 16.25
taker_fee_bps = 26
[exchange.binance]
taker_fee_bps = 7
[candles]
interval = "5m"
grace = "2s"
[features]
list = ["rsi_14","sma_ratio_20"]
[training]
enabled = true
every = "1h"
window = "30d"
horizon = "15m"
minimum_candles = 300
promote = "manual"
maximum_age = "3d"
keep_models = 0
folds = 4
[model]
kind = "ensemble"
rounds = 200
depth = 0
learning_rate = 1
seed = 1
leaves_max = 0
patience = 20
row_share = 0
column_share = 0
child_weight_min = 5
lambda = 1
gbdt_weight = 1
forest_weight = 1
calibration = "isotonic"
labels = "horizon"
dead_zone_bps = 0
profit_bps = 20
loss_bps = 20
columns_max = 0
contributions = 5
[paper]
starting_balance = "123456789.12345678"
fee_bps = 12.34
maker_fee_bps = 1.5
slippage_bps = 2
half_spread_bps = 0
latency_ms = 333
minimum_order = "0.5"
stale_after = "1m"
[[market]]
exchange = "kraken"
symbol = "ETH/USD"
interval = "1m"
minimum_quantity = "0.00000001"
lot_step = "0.001"
price_step = "0.0000000001"
[[market]]
exchange = "kraken"
symbol = "BTC/USD"
minimum_quantity = "0"
lot_step = "0"
price_step = "0"
[[strategy]]
name = "mine"
kind = "threshold"
decide_every = "15m"
cooldown = "10m"
enter = 0.5123456789012345
leave = 0.45
stop_loss = 0.03
[[strategy]]
name = "other"
kind = "dynamic"
)";

TEST_CASE("a record that an older build wrote is read, and is written again as it was") {
  const Config config = load_recorded(record_of_an_older_build);
  CHECK(config.record == record_of_an_older_build);
  CHECK(config.training.promote == model::PromotionRule::manual);
  CHECK(config.paper.starting_balance.to_text() == "123456789.12345678");
  CHECK(config.fees.at("kraken").maker_fee_bps == 16.25);
  REQUIRE(config.strategies.size() == 2);
  CHECK(config.strategies[0].parameters.at("enter") == 0.5123456789012345);
  check_comes_back(config);
}

TEST_CASE("markets of the command line are recorded, and what is no decision is not") {
  const Config config = load("[server]\ntoken = 'open-sesame-open-sesame-open-sesame'\n[log]\nlevel = 'error'\n",
                             {.database = "elsewhere.sqlite", .markets = {"kraken:SOL/USD", "kraken:ETH/USD"}});
  check_comes_back(config);
  CHECK(config.record.find("sesame") == std::string::npos);
  CHECK(config.record.find("elsewhere") == std::string::npos);
  CHECK(config.record.find("SOL/USD") != std::string::npos);
  CHECK(config.record ==
        load_config(std::nullopt, {.database = {}, .markets = {"kraken:SOL/USD", "kraken:ETH/USD"}}).record);
}

TEST_CASE("every key is recorded, or known to decide nothing") {
  std::string all = "[[market]]\nsymbol = 'BTC/USD'\ninterval = '1m'\n";
  for (const char* exchange : {"kraken", "coinbase", "binance"})
    all += std::string("[exchange.") + exchange + "]\nmaker_fee_bps = 1\ntaker_fee_bps = 2\n";
  // A value for the keys of strategies that are without one until the file gives it.
  const std::set<std::string> keys = keys_shown(shipped_config());
  const Config config = load(all);
  std::set<std::string> recorded;
  std::string section;
  for (std::size_t at = 0; at < config.record.size();) {
    const std::size_t end = config.record.find('\n', at);
    const std::string line = config.record.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("[")) {
      section = line.substr(line.find_first_not_of('['), line.find(']') - line.find_first_not_of('['));
    } else {
      recorded.insert(section + "." + line.substr(0, line.find(' ')));
    }
  }
  for (const std::string& key : keys) {
    if (key.starts_with("strategy.")) continue;  // of a strategy, every key that is given is
    INFO(key);
    CHECK(recorded.contains(key) != decide_nothing.contains(key));
  }
}

}  // namespace
}  // namespace candled::config
