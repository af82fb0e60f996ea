// The configuration: each mistake gives its one line, and the file we ship says what the program does without a file.
#include "candled/app/config.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "app/config_keys.hpp"
#include "app/nearest.hpp"

namespace candled::app {
namespace {

const std::filesystem::path shipped_file = std::filesystem::path(CANDLED_SOURCE_DIR) / "etc/candled.toml";

// A directory of this test alone, which goes away with it, and in which `bad.toml` is the file under test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / fmt::format("candled-config-test-{}", getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path write(std::string_view text) const {
    const std::filesystem::path file = path_ / "bad.toml";
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Config load(std::string_view text, const ConfigOverrides& overrides = {}) {
  const Folder folder;
  return load_config(folder.write(text), overrides);
}

// The error line without the directory of the file; "loaded" when there was none.
std::string error_of(std::string_view text, const ConfigOverrides& overrides = {}) {
  const Folder folder;
  try {
    load_config(folder.write(text), overrides);
    return "loaded";
  } catch (const ConfigError& error) {
    std::string line = error.what();
    const std::string directory = folder.path().string() + "/";
    for (std::size_t at = line.find(directory); at != std::string::npos; at = line.find(directory)) line.erase(at, directory.size());
    return line;
  }
}

void check_error(std::string_view text, std::string_view expected) {
  INFO(text);
  CHECK(error_of(text) == expected);
}

std::string text_of(const std::optional<Duration>& duration) { return duration ? to_text(*duration) : "none"; }

// Every value of a config, one a line.
std::string describe(const Config& c) {
  std::string out = fmt::format("storage {}\n", c.storage.path.string());
  for (const MarketConfig& m : c.markets) out += fmt::format("market {} {} {}\n", m.exchange, m.symbol, text_of(m.interval));
  for (const ingest::ExchangeSettings& e : c.exchanges) {
    out += fmt::format("exchange {} {} {} '{}' {} {} {} {} {} {}\n", e.name, e.websocket_url, e.rest_url, e.ca_file, e.clock_rate,
                       to_text(e.rest_interval), to_text(e.watchdog), to_text(e.subscribe_timeout), to_text(e.hold_back),
                       e.hold_back_trades_max);
  }
  out += fmt::format("history {} {}\n", to_text(c.history.on_start), to_text(c.history.catch_up_max));
  out += fmt::format("candles {} {}\n", to_text(c.candles.interval), to_text(c.candles.grace));
  out += fmt::format("training {} {} {} {} {}\n", c.training.enabled, to_text(c.training.every), to_text(c.training.window),
                     to_text(c.training.horizon), c.training.minimum_candles);
  out += fmt::format("model {} {} {} {} {} {}\n", c.model.kind, c.model.directory.string(), c.model.rounds, c.model.depth,
                     c.model.learning_rate, c.model.seed);
  for (const StrategyConfig& s : c.strategies) out += fmt::format("strategy {} {} {}\n", s.name, s.kind, text_of(s.decide_every));
  out += fmt::format("paper {} {} {} {} {} {}\n", c.paper.starting_balance.to_text(), c.paper.fee_bps, c.paper.slippage_bps,
                     c.paper.latency_ms, c.paper.minimum_order.to_text(), to_text(c.paper.stale_after));
  out += fmt::format("server {} {} '{}'\n", c.server.enabled, c.server.listen, c.server.token);
  out += fmt::format("log {} {} '{}'\n", static_cast<int>(c.log.level), static_cast<int>(c.log.format), c.log.file);
  out += fmt::format("threads {} {}\n", c.threads.layout, c.threads.queue_capacity);
  return out;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The keys that the shipped file shows, commented-out ones ("# interval = ...") too: "market.interval".
std::set<std::string> keys_shown(const std::string& toml) {
  static const std::regex section(R"(^\[+([a-z._]+)\]+$)"), key(R"(^(?:# )?([a-z_]+) = .*$)");
  std::set<std::string> keys;
  std::istringstream lines(toml);
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, section)) current = match[1];
    if (std::regex_match(line, match, key)) keys.insert(current + "." + match[1].str());
  }
  return keys;
}

}  // namespace

TEST_CASE("the shipped file says what the program does without a file") {
  CHECK(describe(load_config(shipped_file, {})) == describe(load_config(std::nullopt, {})));
  CHECK(describe(load("")) == describe(load_config(std::nullopt, {})));
}

TEST_CASE("the shipped file shows every key and no other") {
  std::set<std::string> keys = config_keys();
  // A key with keys below it is a table.
  std::erase_if(keys, [&](const std::string& key) {
    const auto below = keys.upper_bound(key + ".");
    return below != keys.end() && below->starts_with(key + ".");
  });
  CHECK(keys_shown(read_file(shipped_file)) == keys);
}

TEST_CASE("every key arrives where it belongs") {
  const Folder folder;
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
)", authority.string()));
  const Config config = load_config(file, {});
  CHECK(describe(config) == fmt::format(R"(storage data/a.sqlite
market kraken ETH/USD 5m
market kraken BTC/EUR none
exchange kraken ws://127.0.0.1:9000/v2 http://[::1]:9001/0/public '{}' 60 10ms 2s 3s 4s 200000
history {} 1d
candles 2m 250ms
training false 2h 3d 10m 50
model forest m 10 12 1 7
strategy mine balanced 10m
paper 123456789.12345678 26 0.5 0 0.25 2s
server false [::]:0 'secret'
log 2 1 'candled.log'
threads stages 4
)", authority.string(), to_text(Duration{})));
  const MarketTable table = market_table(config);
  REQUIRE(table.size() == 2);
  CHECK(table[0].name() == "kraken:ETH/USD");
  CHECK(table[0].interval == Duration::minutes(5));
  CHECK(table[1].name() == "kraken:BTC/EUR");
  CHECK(table[1].interval == Duration::minutes(2));
  CHECK(index_of(table[1].id) == 1);
}

TEST_CASE("the command line wins over the file") {
  const std::string text = "[[market]]\nsymbol = 'BTC/USD'\n[[market]]\nsymbol = 'ETH/USD'\ninterval = '5m'\n[storage]\npath = 'a'\n";
  const Config config = load(text, {.database = "b", .markets = {"kraken:ETH/USD", "kraken:SOL/EUR"}});
  CHECK(config.storage.path == "b");
  REQUIRE(config.markets.size() == 2);
  CHECK(config.markets[0].symbol == "ETH/USD");
  CHECK(config.markets[0].interval == Duration::minutes(5));
  CHECK(config.markets[1].symbol == "SOL/EUR");
  CHECK_FALSE(config.markets[1].interval);

  const auto flag_error = [&](std::vector<std::string> markets) { return error_of(text, {.database = {}, .markets = std::move(markets)}); };
  CHECK(flag_error({"BTC/USD"}) == "--market: not a market: 'BTC/USD' (write exchange:BASE/QUOTE, such as kraken:BTC/USD)");
  CHECK(flag_error({"karken:BTC/USD"}) == "--market karken:BTC/USD: unknown exchange 'karken'; did you mean 'kraken'?");
  CHECK(flag_error({"kraken:BTC/USD", "kraken:BTC/USD"}) == "--market kraken:BTC/USD: given twice");
}

TEST_CASE("unknown keys name the line and the nearest valid key") {
  check_error("[candles]\n\ngrase = '1s'\n", "bad.toml:3: key 'candles.grase': unknown; did you mean 'grace'?");
  check_error("[candels]\ngrace = '1s'\n", "bad.toml:1: key 'candels': unknown; did you mean 'candles'?");
  check_error("[paper]\nbalance = 1\n", "bad.toml:2: key 'paper.balance': unknown; did you mean 'starting_balance'?");
  check_error("[log]\nzzzzzzzz = 1\n", "bad.toml:2: key 'log.zzzzzzzz': unknown; valid here: level, format, file");
  check_error("[[market]]\nsymbol = 'A/B'\n[[market]]\nsymbol = 'C/D'\nintervall = '1m'\n",
              "bad.toml:5: key 'market.intervall': unknown; did you mean 'interval'?");
  check_error("[exchange.krakn]\n", "bad.toml:1: key 'exchange.krakn': unknown; did you mean 'kraken'?");
  check_error("[exchange.coinbase]\n", "bad.toml:1: key 'exchange.coinbase': unknown; valid here: kraken");
  check_error("[exchange.kraken]\nwebsocket = 'ws://a'\n",
              "bad.toml:2: key 'exchange.kraken.websocket': unknown; did you mean 'websocket_url'?");
  check_error("\"a\\u001b[31m\" = 1\n",
              "bad.toml:1: key 'a?[31m': unknown; valid here: storage, market, exchange, history, candles, training, model, "
              "strategy, paper, server, log, threads");
}

TEST_CASE("wrong types say what is wanted") {
  check_error("[candles]\ninterval = 60\n",
              "bad.toml:2: key 'candles.interval': must be a duration in text, such as \"5m\", not a whole number");
  check_error("[candles]\ninterval = '60'\n",
              "bad.toml:2: key 'candles.interval': not a duration: '60' (write 250ms, 90s, 5m, 12h, 30d or 2w)");
  check_error("[history]\non_start = false\n",
              "bad.toml:2: key 'history.on_start': must be a duration in text, such as \"5m\", or \"off\", not true or false");
  check_error("[training]\nminimum_candles = 300.5\n", "bad.toml:2: key 'training.minimum_candles': must be a whole number, not a number");
  check_error("[training]\nenabled = 'yes'\n", "bad.toml:2: key 'training.enabled': must be true or false, not text");
  check_error("[model]\nlearning_rate = '0.1'\n", "bad.toml:2: key 'model.learning_rate': must be a number, not text");
  check_error("[paper]\nstarting_balance = [1]\n",
              "bad.toml:2: key 'paper.starting_balance': must be an amount of money as number or text, not an array");
  check_error("[server]\nlisten = 8501\n", "bad.toml:2: key 'server.listen': must be text, not a whole number");
  check_error("[log]\nlevel = 2026-11-21\n", "bad.toml:2: key 'log.level': must be text, not a date or time");
  check_error("storage = 'candled.sqlite'\n", "bad.toml:1: key 'storage': must be a table, not text");
  check_error("\n[market]\nsymbol = 'BTC/USD'\n", "bad.toml:2: key 'market': must be written as [[market]], not a table");
  check_error("market = ['BTC/USD']\n", "bad.toml:1: key 'market': must be written as [[market]], not an array of other things");
  check_error("[[market]]\nexchange = 'kraken'\n", "bad.toml:1: key 'market': is without 'symbol'");
  check_error("[[strategy]]\nname = 'a'\n", "bad.toml:1: key 'strategy': is without 'kind'");
  check_error("[[strategy]]\nkind = 'balanced'\n", "bad.toml:1: key 'strategy': is without 'name'");
}

TEST_CASE("values out of range name the bounds") {
  check_error("[exchange.kraken]\nclock_rate = 0\n", "bad.toml:2: key 'exchange.kraken.clock_rate': 0 is outside 0.001 to 100000");
  check_error("[exchange.kraken]\nclock_rate = nan\n", "bad.toml:2: key 'exchange.kraken.clock_rate': nan is outside 0.001 to 100000");
  check_error("[exchange.kraken]\nwatchdog = '1h'\n", "bad.toml:2: key 'exchange.kraken.watchdog': 1h is outside 100ms to 10m");
  check_error("[candles]\ninterval = '2d'\n", "bad.toml:2: key 'candles.interval': 2d is outside 1s to 1d");
  check_error("[training]\nminimum_candles = 9\n", "bad.toml:2: key 'training.minimum_candles': 9 is outside 10 to 10000000");
  check_error("[model]\nrounds = 0\n", "bad.toml:2: key 'model.rounds': 0 is outside 1 to 10000");
  check_error("[model]\ndepth = 21\n", "bad.toml:2: key 'model.depth': 21 is outside 1 to 20");
  check_error("[model]\nlearning_rate = 1.5\n", "bad.toml:2: key 'model.learning_rate': 1.5 is outside 0.0001 to 1");
  check_error("[model]\nseed = -1\n", "bad.toml:2: key 'model.seed': -1 is outside 0 to 2147483647");
  check_error("[model]\nkind = 'gbtd'\n", "bad.toml:2: key 'model.kind': 'gbtd' is not one of gbdt, forest; did you mean 'gbdt'?");
  check_error("[log]\nlevel = 'trace'\n", "bad.toml:2: key 'log.level': 'trace' is not one of debug, info, warning, error");
  check_error("[threads]\nqueue_capacity = 3\n", "bad.toml:2: key 'threads.queue_capacity': 3 is outside 4 to 1048576");
  check_error("[paper]\nfee_bps = -0.5\n", "bad.toml:2: key 'paper.fee_bps': -0.5 is outside 0 to 1000");
  check_error("[paper]\nlatency_ms = 60001\n", "bad.toml:2: key 'paper.latency_ms': 60001 is outside 0 to 60000");
  check_error("[paper]\nstarting_balance = 0\n", "bad.toml:2: key 'paper.starting_balance': 0 is outside 1 to 1000000000");
  check_error("[paper]\nstarting_balance = '1e99'\n", "bad.toml:2: key 'paper.starting_balance': not a decimal number: '1e99'");
  check_error("[paper]\nstarting_balance = 1234567890.12345678\n",
              "bad.toml:2: key 'paper.starting_balance': has more digits than a number holds exactly; write it as text, in quotes");
}

TEST_CASE("texts have a form") {
  check_error("[[market]]\nsymbol = 'BTCUSD'\n",
              "bad.toml:2: key 'market.symbol': 'BTCUSD' is not a symbol of the form BASE/QUOTE, such as BTC/USD");
  check_error("[[market]]\nexchange = 'binance'\nsymbol = 'BTC/USD'\n", "bad.toml:2: key 'market.exchange': 'binance' is not one of kraken");
  check_error("[exchange.kraken]\nwebsocket_url = 'https://a'\n",
              "bad.toml:2: key 'exchange.kraken.websocket_url': 'https://a' is not a URL of the form wss://host[:port][/path] or ws://...");
  check_error("[exchange.kraken]\nrest_url = 'https://'\n",
              "bad.toml:2: key 'exchange.kraken.rest_url': 'https://' is not a URL of the form https://host[:port][/path] or http://...");
  check_error("[exchange.kraken]\nrest_url = 'https://a:70000/x'\n",
              "bad.toml:2: key 'exchange.kraken.rest_url': 'https://a:70000/x' has a port that is not 1 to 65535");
  check_error("[exchange.kraken]\nrest_url = 'https://user@a/x'\n",
              "bad.toml:2: key 'exchange.kraken.rest_url': 'https://user@a/x' is not a URL of the form https://host[:port][/path] or "
              "http://...");
  check_error("[exchange.kraken]\nca_file = 'no-such.pem'\n",
              "bad.toml:2: key 'exchange.kraken.ca_file': there is no file 'no-such.pem'");
  check_error("[exchange.kraken]\nca_file = '/'\n", "bad.toml:2: key 'exchange.kraken.ca_file': '/' is a directory, not a file");
  check_error("[storage]\npath = ''\n", "bad.toml:2: key 'storage.path': must not be empty");
  check_error("[log]\nfile = \"a\\nb\"\n", "bad.toml:2: key 'log.file': holds a control character");
  check_error("[[strategy]]\nname = 'a b'\nkind = 'balanced'\n",
              "bad.toml:2: key 'strategy.name': 'a b' is not a name of 1 to 32 letters, digits, '_' or '-'");
  check_error("[[strategy]]\nname = 'a'\nkind = 'ultra-aggressive'\n",
              "bad.toml:3: key 'strategy.kind': 'ultra-aggressive' is not one of dynamic, balanced, ultra_aggressive; did you mean "
              "'ultra_aggressive'?");
  check_error("[server]\ntoken = 'two words'\n", "bad.toml:2: key 'server.token': may hold only printable ASCII characters without "
                                                 "spaces, because it travels in a header");
  for (const char* listen : {"8501", ":8501", "127.0.0.1", "127.0.0.1:", "127.0.0:80", "::1:8501", "example.org:80", "[::1]8501"}) {
    const std::string line = error_of(fmt::format("[server]\nlisten = '{}'\n", listen));
    CHECK(line.starts_with("bad.toml:2: key 'server.listen': '"));
  }
  check_error("[server]\nlisten = '127.0.0.1:65536'\n",
              "bad.toml:2: key 'server.listen': '127.0.0.1:65536' has a port that is not 0 to 65535");
}

TEST_CASE("settings that contradict each other are refused") {
  check_error("[candles]\ngrace = '1m'\n", "bad.toml:2: key 'candles.grace': 1m is not less than the interval 1m of kraken:BTC/USD");
  check_error("[[market]]\nsymbol = 'A/B'\ninterval = '1s'\n",
              "bad.toml:3: key 'market.interval': 1s is not less than the interval 1s of kraken:A/B");
  check_error("[candles]\ninterval = '7m'\n[training]\nhorizon = '7m'\n",
              "bad.toml:2: key 'candles.interval': 7m does not divide a day, so candles of kraken:BTC/USD would not line up");
  check_error("[candles]\ninterval = '2m'\n",
              "bad.toml:2: key 'candles.interval': 5m is not a multiple of the interval 2m of kraken:BTC/USD");
  check_error("[training]\nhorizon = '30s'\n", "bad.toml:2: key 'training.horizon': 30s is not a multiple of the interval 1m of kraken:BTC/USD");
  check_error("[training]\nwindow = '5m'\n", "bad.toml:2: key 'training.window': 5m is not more than the horizon 5m");
  check_error("[training]\nwindow = '2h'\n", "bad.toml:2: key 'training.window': 300 candles of 1m never fit into the window 2h of "
                                             "kraken:BTC/USD, so nothing would be trained");
  check_error("[training]\nwindow = '2h'\nenabled = false\n", "loaded");
  check_error("[[market]]\nsymbol = 'A/B'\n[[market]]\nsymbol = 'A/B'\n", "bad.toml:4: key 'market.symbol': the market kraken:A/B is named twice");
  check_error("[[strategy]]\nname = 'a'\nkind = 'balanced'\n[[strategy]]\nname = 'a'\nkind = 'dynamic'\n",
              "bad.toml:5: key 'strategy.name': two strategies are named 'a'");
  check_error("[[strategy]]\nname = 'a'\nkind = 'balanced'\ndecide_every = '90s'\n",
              "bad.toml:4: key 'strategy.decide_every': 90s is not a multiple of the interval 1m of kraken:BTC/USD");
  check_error("[paper]\nstale_after = '1s'\n",
              "bad.toml:2: key 'paper.stale_after': 1s is not more than the grace 1s, so no candle would ever be traded on");
  check_error("[server]\nlisten = '0.0.0.0:8501'\n",
              "bad.toml:2: key 'server.listen': '0.0.0.0:8501' can be reached from other machines, which needs a 'token'");
  check_error("[server]\nlisten = '0.0.0.0:8501'\ntoken = 't'\n", "loaded");
  check_error("[server]\nlisten = '0.0.0.0:8501'\nenabled = false\n", "loaded");
  for (const char* listen : {"127.0.0.1:8501", "127.8.0.1:1", "localhost:8501", "[::1]:0"}) {
    check_error(fmt::format("[server]\nlisten = '{}'\n", listen), "loaded");
  }
}

TEST_CASE("files that are no configuration give one line") {
  CHECK(error_of("a = = 1\n").starts_with("bad.toml:1: not valid TOML: "));
  CHECK(error_of("\n[log]\nlevel = 'info'\nlevel = 'debug'\n").starts_with("bad.toml:4: not valid TOML: "));
  CHECK(error_of(std::string("a = '\xff'\n")).starts_with("bad.toml:1: not valid TOML: "));
  CHECK(error_of(std::string(2'000'000, '#')) == "bad.toml: larger than 1000000 bytes, which is no configuration file");
  CHECK(error_of(fmt::format("a = {}", std::string(100'000, '['))).starts_with("bad.toml:1: not valid TOML: "));
  CHECK_THROWS_WITH(load_config("no/such.toml", {}), "no/such.toml: cannot be read: No such file or directory");
  CHECK_THROWS_WITH(load_config(CANDLED_SOURCE_DIR, {}), Catch::Matchers::EndsWith(": is a directory, not a configuration file"));
  for (const char* text : {"a = 1e999999", "a = 99999999999999999999", "\"", "[a", "a.b.c = 1\na = 2", "\xef\xbb\xbf[log]\x00"}) {
    CHECK(error_of(text).find('\n') == std::string::npos);
  }
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

}  // namespace candled::app
