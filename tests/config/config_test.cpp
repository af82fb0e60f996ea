// The configuration: every key arrives where it belongs, and the file we ship says what the program does without a file.
#include "candled/config/config.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "candled/config/assembly.hpp"
#include "config/config_folder.hpp"
#include "config/nearest.hpp"

namespace candled::config {
namespace {

const std::filesystem::path shipped_file = std::filesystem::path(CANDLED_SOURCE_DIR) / "etc/candled.toml";

std::string text_of(const std::optional<Duration>& duration) { return duration ? to_text(*duration) : "none"; }

std::string rest_of(Duration duration) { return duration == Duration{} ? "none" : to_text(duration); }

// Every value of a config, one a line.
std::string describe(const Config& c) {
  std::string out = fmt::format("storage {}\n", c.storage.path.string());
  for (const MarketConfig& m : c.markets)
    out += fmt::format("market {} {} {}\n", m.exchange, m.symbol, text_of(m.interval));
  for (const ingest::ExchangeSettings& e : c.exchanges) {
    out += fmt::format("exchange {} {} {} '{}' {} {} {} {} {} {}\n", e.name, e.websocket_url, e.rest_url, e.ca_file,
                       e.clock_rate, to_text(e.rest_interval), to_text(e.watchdog), to_text(e.subscribe_timeout),
                       to_text(e.hold_back), e.hold_back_trades_max);
  }
  out += fmt::format("history {} {}\n", to_text(c.history.on_start), to_text(c.history.catch_up_max));
  out += fmt::format("candles {} {}\n", to_text(c.candles.interval), to_text(c.candles.grace));
  out += fmt::format("features {}\n", fmt::join(c.features.list, " "));
  out += fmt::format("training {} {} {} {} {}\n", c.training.enabled, to_text(c.training.every),
                     to_text(c.training.window), to_text(c.training.horizon), c.training.minimum_candles);
  out += fmt::format("model {} {} {} {} {} {}\n", c.model.kind, c.model.directory.string(), c.model.rounds,
                     c.model.depth, c.model.learning_rate, c.model.seed);
  for (const trading::StrategySettings& s : c.strategies)
    out += fmt::format("strategy {} {} {}\n", s.name, s.kind, rest_of(s.decide_every));
  out += fmt::format("paper {} {} {} {} {} {}\n", c.paper.starting_balance.to_text(), c.paper.fee_bps,
                     c.paper.slippage_bps, c.paper.latency_ms, c.paper.minimum_order.to_text(),
                     to_text(c.paper.stale_after));
  out += fmt::format("server {} {} '{}'\n", c.server.enabled, c.server.listen, c.server.token);
  out += fmt::format("log {} {} '{}'\n", static_cast<int>(c.log.level), static_cast<int>(c.log.format), c.log.file);
  out += fmt::format("threads {} {}\n", static_cast<int>(c.threads.layout), c.threads.queue_capacity);
  for (const MarketConfig& m : c.markets) {
    out += fmt::format("rules {} {} {}\n", m.rules.minimum_quantity.to_text(), m.rules.lot_step.to_text(),
                       m.rules.price_step.to_text());
  }
  for (const trading::StrategySettings& s : c.strategies)
    out += fmt::format("rests {} numbers {}\n", rest_of(s.cooldown), s.parameters.size());
  out += fmt::format("costs {} {}\n", c.paper.maker_fee_bps, c.paper.half_spread_bps);
  return out;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("the shipped file says what the program does without a file") {
  CHECK(describe(load_config(shipped_file, {})) == describe(load_config(std::nullopt, {})));
  CHECK(describe(load("")) == describe(load_config(std::nullopt, {})));
}

// Hidden: a tool that writes the file again (`config_tests "[.write]"`).
TEST_CASE("writes the shipped file", "[.write]") { std::ofstream(shipped_file, std::ios::binary) << shipped_config(); }

TEST_CASE("the shipped file is what the descriptions generate") {
  CHECK(read_file(shipped_file) == shipped_config());
  const std::set<std::string> shown = keys_shown(shipped_config());
  // Of every kind, not only of the one that the file chooses.
  for (const trading::StrategyKind& kind : trading::strategy_kinds()) {
    for (const trading::ParameterInfo& info : trading::parameters_of(kind))
      CHECK(shown.contains(fmt::format("strategy.{}", info.name)));
  }
}

TEST_CASE("every key arrives where it belongs") {
  const ConfigFolder folder;
  const std::filesystem::path authority = folder.path() / "ca.pem";
  std::ofstream(authority) << "PEM";
  const std::filesystem::path file = folder.write(fmt::format(R"(
[storage]
path = "data/a.sqlite"
[[market]]
exchange = "kraken"
symbol = "ETH/USD"
interval = "5m"
[[market]]
symbol = "BTC/EUR"
[exchange.kraken]
websocket_url = "ws://127.0.0.1:9000/v2"
rest_url = "http://[::1]:9001/0/public"
ca_file = "{}"
clock_rate = 60
rest_interval = "10ms"
watchdog = "2s"
subscribe_timeout = "3s"
hold_back = "4s"
[history]
on_start = "off"
catch_up_max = "1d"
[candles]
interval = "2m"
grace = "250ms"
[features]
list = ["rsi_21", "ofi_5"]
[training]
enabled = false
every = "2h"
window = "3d"
horizon = "10m"
minimum_candles = 50
[model]
kind = "forest"
directory = "m"
rounds = 10
depth = 12
learning_rate = 1
seed = 7
[[strategy]]
name = "mine"
kind = "balanced"
decide_every = "10m"
[paper]
starting_balance = "123456789.12345678"
fee_bps = 26
slippage_bps = 0.5
latency_ms = 0
minimum_order = 0.25
stale_after = "2s"
[server]
enabled = false
listen = "[::]:0"
token = "secret"
[log]
level = "warning"
format = "json"
file = "candled.log"
[threads]
layout = "stages"
queue_capacity = 4
)",
                                                              authority.string()));
  const Config config = load_config(file, {});
  CHECK(describe(config) == fmt::format(R"(storage data/a.sqlite
market kraken ETH/USD 5m
market kraken BTC/EUR none
exchange kraken ws://127.0.0.1:9000/v2 http://[::1]:9001/0/public '{}' 60 10ms 2s 3s 4s 200000
history {} 1d
candles 2m 250ms
features rsi_21 ofi_5
training false 2h 3d 10m 50
model forest m 10 12 1 7
strategy mine balanced 10m
paper 123456789.12345678 26 0.5 0 0.25 2s
server false [::]:0 'secret'
log 2 1 'candled.log'
threads 0 4
rules 0 0 0
rules 0 0 0
rests none numbers 0
costs 25 0
)",
                                        authority.string(), to_text(Duration{})));
  const MarketTable table = config.table;
  REQUIRE(table.size() == 2);
  CHECK(table[0].name() == "kraken:ETH/USD");
  CHECK(table[0].interval == Duration::minutes(5));
  CHECK(table[1].name() == "kraken:BTC/EUR");
  CHECK(table[1].interval == Duration::minutes(2));
  CHECK(index_of(table[1].id) == 1);
}

TEST_CASE("strategies, fees and order rules arrive in the trading room's settings") {
  const Config config = load(R"(
[[market]]
symbol = "BTC/USD"
minimum_quantity = "0.00005"
lot_step = 0.00000001
price_step = 0.1
[[market]]
symbol = "ETH/USD"
[exchange.kraken]
taker_fee_bps = 26
[paper]
fee_bps = 40
maker_fee_bps = 16
half_spread_bps = 0.5
slippage_bps = 1
[[strategy]]
name = "calm"
kind = "dynamic"
enter = 0.58
size_max = 0.4
stop_loss = 0.05
cooldown = "15m"
[[strategy]]
name = "wild"
kind = "dynamic"
)");
  const std::vector<trading::StrategySettings> strategies = strategy_settings(config);
  REQUIRE(strategies.size() == 4);
  CHECK(strategies[0].parameters ==
        std::map<std::string, double, std::less<>>{{"enter", 0.58}, {"size_max", 0.4}, {"stop_loss", 0.05}});
  CHECK(strategies[0].cooldown == Duration::minutes(15));
  CHECK(strategies[1].parameters.empty());
  CHECK(strategies[2].name == "buy_and_hold");
  CHECK(strategies[3].name == "flat");

  const trading::PaperSettings bitcoin = paper_settings(config, 0), ether = paper_settings(config, 1);
  CHECK(bitcoin.costs.fee == trading::Fraction::basis_points(26));
  CHECK(bitcoin.costs.maker_fee == trading::Fraction::basis_points(16));
  CHECK(bitcoin.costs.half_spread == *trading::Fraction::from_basis_points(0.5));
  CHECK(bitcoin.rules.minimum_quantity.to_text() == "0.00005");
  CHECK(bitcoin.rules.lot_step.usual_units() == 1);
  CHECK(bitcoin.rules.price_step.to_text() == "0.1");
  CHECK(ether.rules.price_step.usual_units() == 0);
  CHECK(ether.costs.fee == bitcoin.costs.fee);
}

TEST_CASE("without a file nothing stands between slippage and the seed's rules") {
  const trading::PaperSettings paper = paper_settings(load_config(std::nullopt, {}), 0);
  CHECK(paper.costs.half_spread == trading::Fraction{});
  CHECK(paper.costs.fee == trading::Fraction::basis_points(40));
  CHECK(strategy_settings(load_config(std::nullopt, {})).size() == 5);
}

TEST_CASE("the command line wins over the file") {
  const std::string text =
      "[[market]]\nsymbol = 'BTC/USD'\n[[market]]\nsymbol = 'ETH/USD'\ninterval = '5m'\n[storage]\npath = 'a'\n";
  const Config config = load(text, {.database = "b", .markets = {"kraken:ETH/USD", "kraken:SOL/EUR"}});
  CHECK(config.storage.path == "b");
  REQUIRE(config.markets.size() == 2);
  CHECK(config.markets[0].symbol == "ETH/USD");
  CHECK(config.markets[0].interval == Duration::minutes(5));
  CHECK(config.markets[1].symbol == "SOL/EUR");
  CHECK_FALSE(config.markets[1].interval);

  const auto flag_error = [&](std::vector<std::string> markets) {
    return error_of(text, {.database = {}, .markets = std::move(markets)});
  };
  CHECK(flag_error({"BTC/USD"}) ==
        "--market: not a market: 'BTC/USD' (write exchange:BASE/QUOTE, such as kraken:BTC/USD)");
  CHECK(flag_error({"karken:BTC/USD"}) == "--market karken:BTC/USD: unknown exchange 'karken'; did you mean 'kraken'?");
  CHECK(flag_error({"kraken:BTC/USD", "kraken:BTC/USD"}) == "--market kraken:BTC/USD: given twice");
}

TEST_CASE("a horizon that is not given suits the candles") {
  CHECK(load("[candles]\ninterval = '1m'\n").training.horizon == Duration::minutes(5));
  CHECK(load("[candles]\ninterval = '5m'\n").training.horizon == Duration::minutes(5));
  const Config hourly = load("[candles]\ninterval = '1h'\n[training]\nminimum_candles = 100\n");
  CHECK(hourly.training.horizon == Duration::hours(1));
  CHECK(hourly.in_effect.find("\"horizon\":\"1h\"") != std::string::npos);
}

TEST_CASE("markets without a feed are for files") {
  const Config imported = load_config(std::nullopt, {.database = {}, .markets = {"binance:BTC/USDT"}});
  CHECK(imported.table.front().name() == "binance:BTC/USDT");
  CHECK_THROWS_WITH(require_feeds(imported),
                    "market binance:BTC/USDT: there is no feed of binance yet, only of kraken; files of its trades and "
                    "candles can be imported");
  CHECK_NOTHROW(require_feeds(load_config(std::nullopt, {})));
}

TEST_CASE("a mistake without a file says so") {
  CHECK_THROWS_WITH(load_config(std::nullopt, {.database = {}, .markets = {"kraken"}}),
                    "--market: not a market: 'kraken' (write exchange:BASE/QUOTE, such as kraken:BTC/USD)");
}

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("grase", "grace") == 1);
  CHECK(edit_distance("gbtd", "gbdt") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("LEVEL", "level") == 0);
}

}  // namespace candled::config
