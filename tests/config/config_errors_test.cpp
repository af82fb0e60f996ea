// Each mistake in the configuration gives its one line: file, line, key, what is wrong, and the nearest valid word.
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "config/config_folder.hpp"

namespace candled::config {

TEST_CASE("unknown keys name the line and the nearest valid key") {
  check_error("[candles]\n\ngrase = '1s'\n", "bad.toml:3: key 'candles.grase': unknown; did you mean 'grace'?");
  check_error("[candels]\ngrace = '1s'\n", "bad.toml:1: key 'candels': unknown; did you mean 'candles'?");
  check_error("[paper]\nbalance = 1\n", "bad.toml:2: key 'paper.balance': unknown; did you mean 'starting_balance'?");
  check_error("[log]\nzzzzzzzz = 1\n", "bad.toml:2: key 'log.zzzzzzzz': unknown; valid here: level, format, file");
  check_error("[[market]]\nsymbol = 'A/B'\n[[market]]\nsymbol = 'C/D'\nintervall = '1m'\n",
              "bad.toml:5: key 'market.intervall': unknown; did you mean 'interval'?");
  check_error("[exchange.krakn]\n", "bad.toml:1: key 'exchange.krakn': unknown; did you mean 'kraken'?");
  check_error("[exchange.nyse]\n", "bad.toml:1: key 'exchange.nyse': unknown; valid here: kraken, coinbase, binance");
  check_error("[exchange.binance]\nrest_url = 'https://a'\n",
              "bad.toml:2: key 'exchange.binance.rest_url': unknown; valid here: maker_fee_bps, taker_fee_bps");
  check_error("[exchange.kraken]\nwebsocket = 'ws://a'\n",
              "bad.toml:2: key 'exchange.kraken.websocket': unknown; did you mean 'websocket_url'?");
  check_error(
      "\"a\\u001b[31m\" = 1\n",
      "bad.toml:1: key 'a?[31m': unknown; valid here: storage, market, exchange, history, candles, features, training, "
      "model, strategy, paper, server, log, threads");
}

TEST_CASE("a key of thousands of parts is refused in front of the parser's recursion") {
  std::string deep = "a";
  for (int part = 0; part < 30'000; ++part) deep += ".a";
  check_error("\n" + deep + " = 1\n", "bad.toml:2: a key of more than 32 parts");
  check_error("[" + deep + "]\n", "bad.toml:1: a key of more than 32 parts");
  check_error("a = { " + deep + " = 1 }\n", "bad.toml:1: a key of more than 32 parts");
}

TEST_CASE("wrong types say what is wanted") {
  check_error("[candles]\ninterval = 60\n",
              "bad.toml:2: key 'candles.interval': must be a duration in text, such as \"5m\", not a whole number");
  check_error("[candles]\ninterval = '60'\n",
              "bad.toml:2: key 'candles.interval': not a duration: '60' (write 250ms, 90s, 5m, 12h, 30d or 2w)");
  check_error(
      "[history]\non_start = false\n",
      "bad.toml:2: key 'history.on_start': must be a duration in text, such as \"5m\", or \"off\", not true or false");
  check_error("[training]\nminimum_candles = 300.5\n",
              "bad.toml:2: key 'training.minimum_candles': must be a whole number, not a number");
  check_error("[training]\nenabled = 'yes'\n", "bad.toml:2: key 'training.enabled': must be true or false, not text");
  check_error("[model]\nlearning_rate = '0.1'\n", "bad.toml:2: key 'model.learning_rate': must be a number, not text");
  check_error("[paper]\nstarting_balance = [1]\n",
              "bad.toml:2: key 'paper.starting_balance': must be an amount as number or text, not an array");
  check_error("[server]\nlisten = 8501\n", "bad.toml:2: key 'server.listen': must be text, not a whole number");
  check_error("[log]\nlevel = 2026-11-21\n", "bad.toml:2: key 'log.level': must be text, not a date or time");
  check_error("storage = 'candled.sqlite'\n", "bad.toml:1: key 'storage': must be a table, not text");
  check_error("\n[market]\nsymbol = 'BTC/USD'\n",
              "bad.toml:2: key 'market': must be written as [[market]], not a table");
  check_error("market = ['BTC/USD']\n",
              "bad.toml:1: key 'market': must be written as [[market]], not an array of other things");
  check_error("[[market]]\nexchange = 'kraken'\n", "bad.toml:1: key 'market': is without 'symbol'");
  check_error("[[strategy]]\nname = 'a'\n", "bad.toml:1: key 'strategy': is without 'kind'");
  check_error("[[strategy]]\nkind = 'balanced'\n", "bad.toml:1: key 'strategy': is without 'name'");
}

TEST_CASE("a feature that cannot be is named with its own line and the nearest that can") {
  check_error("[features]\nlist = ['rsi14']\n",
              "bad.toml:2: key 'features.list': unknown feature 'rsi14'; did you mean 'rsi_14'?");
  check_error("[features]\nlist = [\n  'rsi_14',\n  'bb_widht_20_2',\n]\n",
              "bad.toml:4: key 'features.list': unknown feature 'bb_widht_20_2'; did you mean 'bb_width_20_2'?");
  check_error("[features]\nlist = ['ofi_5', 'rsi_0']\n",
              "bad.toml:2: key 'features.list': feature 'rsi_0': N is 0, outside 1 to 10000; did you mean 'rsi_14'?");
  check_error("[features]\nlist = ['ofi_5', 'ofi_5']\n",
              "bad.toml:2: key 'features.list': feature 'ofi_5' is named twice");
  check_error("[features]\nlist = ['ofi_5', 5]\n",
              "bad.toml:2: key 'features.list': must hold texts, not a whole number");
  check_error("[features]\nlist = 'ofi_5'\n", "bad.toml:2: key 'features.list': must be an array of texts, not text");
  check_error("[features]\nlist = ['sma_20']\n",
              "bad.toml:2: key 'features.list': feature 'sma_20' carries a price or a volume with it, which a model "
              "must not see; "
              "did you mean 'sma_ratio_20'?");
}

TEST_CASE("values out of range name the bounds") {
  check_error("[exchange.kraken]\nclock_rate = 0\n",
              "bad.toml:2: key 'exchange.kraken.clock_rate': 0 is outside 0.001 to 100000");
  check_error("[exchange.kraken]\nclock_rate = nan\n",
              "bad.toml:2: key 'exchange.kraken.clock_rate': nan is outside 0.001 to 100000");
  check_error("[exchange.kraken]\nwatchdog = '1h'\n",
              "bad.toml:2: key 'exchange.kraken.watchdog': 1h is outside 100ms to 10m");
  check_error("[candles]\ninterval = '2d'\n", "bad.toml:2: key 'candles.interval': 2d is outside 1s to 1d");
  check_error("[training]\nminimum_candles = 9\n",
              "bad.toml:2: key 'training.minimum_candles': 9 is outside 10 to 10000000");
  check_error("[model]\nrounds = 0\n", "bad.toml:2: key 'model.rounds': 0 is outside 1 to 10000");
  check_error("[model]\ndepth = 21\n", "bad.toml:2: key 'model.depth': 21 is outside 0 to 20");
  check_error("[model]\nlearning_rate = 1.5\n", "bad.toml:2: key 'model.learning_rate': 1.5 is outside 0.0001 to 1");
  check_error("[model]\nseed = -1\n", "bad.toml:2: key 'model.seed': -1 is outside 0 to 2147483647");
  check_error("[model]\nkind = 'gbtd'\n",
              "bad.toml:2: key 'model.kind': 'gbtd' is not one of gbdt, forest, ensemble; did you mean 'gbdt'?");
  check_error("[log]\nlevel = 'trace'\n",
              "bad.toml:2: key 'log.level': 'trace' is not one of debug, info, warning, error");
  check_error("[threads]\nqueue_capacity = 3\n", "bad.toml:2: key 'threads.queue_capacity': 3 is outside 4 to 1048576");
  check_error("[paper]\nfee_bps = -0.5\n", "bad.toml:2: key 'paper.fee_bps': -0.5 is outside 0 to 1000");
  check_error("[paper]\nlatency_ms = 60001\n", "bad.toml:2: key 'paper.latency_ms': 60001 is outside 0 to 60000");
  check_error("[paper]\nstarting_balance = 0\n",
              "bad.toml:2: key 'paper.starting_balance': 0 is outside 1 to 1000000000");
  check_error("[paper]\nstarting_balance = '1e99'\n",
              "bad.toml:2: key 'paper.starting_balance': not a decimal number: '1e99'");
  check_error("[paper]\nstarting_balance = 1234567890.12345678\n",
              "bad.toml:2: key 'paper.starting_balance': has more digits than a number holds exactly; write it as "
              "text, in quotes");
}

TEST_CASE("texts have a form") {
  check_error("[[market]]\nsymbol = 'BTCUSD'\n",
              "bad.toml:2: key 'market.symbol': 'BTCUSD' is not a symbol of the form BASE/QUOTE, such as BTC/USD");
  check_error("[[market]]\nexchange = 'nyse'\nsymbol = 'BTC/USD'\n",
              "bad.toml:2: key 'market.exchange': 'nyse' is not one of kraken, coinbase, binance");
  check_error("[exchange.kraken]\nwebsocket_url = 'https://a'\n",
              "bad.toml:2: key 'exchange.kraken.websocket_url': 'https://a' is not a URL of the form "
              "wss://host[:port][/path] or ws://...");
  check_error("[exchange.kraken]\nrest_url = 'https://'\n",
              "bad.toml:2: key 'exchange.kraken.rest_url': 'https://' is not a URL of the form "
              "https://host[:port][/path] or http://...");
  check_error("[exchange.kraken]\nrest_url = 'https://a:70000/x'\n",
              "bad.toml:2: key 'exchange.kraken.rest_url': 'https://a:70000/x' has a port that is not 1 to 65535");
  check_error("[exchange.kraken]\nrest_url = 'https://user@a/x'\n",
              "bad.toml:2: key 'exchange.kraken.rest_url': 'https://user@a/x' is not a URL of the form "
              "https://host[:port][/path] or "
              "http://...");
  check_error("[exchange.kraken]\nca_file = 'no-such.pem'\n",
              "bad.toml:2: key 'exchange.kraken.ca_file': there is no file 'no-such.pem'");
  check_error("[exchange.kraken]\nca_file = '/'\n",
              "bad.toml:2: key 'exchange.kraken.ca_file': '/' is a directory, not a file");
  check_error("[storage]\npath = ''\n", "bad.toml:2: key 'storage.path': must not be empty");
  check_error("[log]\nfile = \"a\\nb\"\n", "bad.toml:2: key 'log.file': holds a control character");
  check_error("[[strategy]]\nname = 'a b'\nkind = 'balanced'\n",
              "bad.toml:2: key 'strategy.name': 'a b' is not a name of 1 to 32 letters, digits, '_' or '-'");
  check_error("[[strategy]]\nname = 'a'\nkind = 'ultra-aggressive'\n",
              "bad.toml:3: key 'strategy.kind': 'ultra-aggressive' is not one of dynamic, balanced, ultra_aggressive, "
              "threshold, "
              "vote_hold, buy_and_hold, flat; "
              "did you mean "
              "'ultra_aggressive'?");
  check_error("[server]\ntoken = 'two words'\n",
              "bad.toml:2: key 'server.token': may hold only printable ASCII characters without "
              "spaces, because it travels in a header");
  for (const char* listen :
       {"8501", ":8501", "127.0.0.1", "127.0.0.1:", "127.0.0:80", "::1:8501", "example.org:80", "[::1]8501"}) {
    const std::string line = error_of(fmt::format("[server]\nlisten = '{}'\n", listen));
    CHECK(line.starts_with("bad.toml:2: key 'server.listen': '"));
  }
  check_error("[server]\nlisten = '127.0.0.1:65536'\n",
              "bad.toml:2: key 'server.listen': '127.0.0.1:65536' has a port that is not 0 to 65535");
}

TEST_CASE("settings that contradict each other are refused") {
  check_error("[candles]\ngrace = '1m'\n",
              "bad.toml:2: key 'candles.grace': 1m is not less than the interval 1m of kraken:BTC/USD");
  check_error("[[market]]\nsymbol = 'A/B'\ninterval = '1s'\n",
              "bad.toml:3: key 'market.interval': 1s is not less than the interval 1s of kraken:A/B");
  check_error(
      "[candles]\ninterval = '7m'\n[training]\nhorizon = '7m'\n",
      "bad.toml:2: key 'candles.interval': 7m does not divide a day, so candles of kraken:BTC/USD would not line up");
  check_error("[candles]\ninterval = '2m'\n[training]\nhorizon = '5m'\n",
              "bad.toml:4: key 'training.horizon': the horizon 5m of [training] is not a multiple of the interval 2m "
              "of kraken:BTC/USD");
  check_error("[training]\nhorizon = '30s'\n",
              "bad.toml:2: key 'training.horizon': the horizon 30s of [training] is not a multiple of the interval 1m "
              "of kraken:BTC/USD");
  check_error("[training]\nwindow = '5m'\n", "bad.toml:2: key 'training.window': 5m is not more than the horizon 5m");
  check_error("[training]\nwindow = '2h'\n",
              "bad.toml:2: key 'training.window': 300 candles of 1m never fit into the window 2h of "
              "kraken:BTC/USD, so nothing would be trained");
  check_error("[training]\nwindow = '2h'\nenabled = false\n", "loaded");
  check_error("[[market]]\nsymbol = 'A/B'\n[[market]]\nsymbol = 'A/B'\n",
              "bad.toml:4: key 'market.symbol': the market kraken:A/B is named twice");
  check_error("[[strategy]]\nname = 'a'\nkind = 'balanced'\n[[strategy]]\nname = 'a'\nkind = 'dynamic'\n",
              "bad.toml:5: key 'strategy.name': two strategies are named 'a'");
  check_error("[[strategy]]\nname = 'a'\nkind = 'balanced'\ndecide_every = '90s'\n",
              "bad.toml:4: key 'strategy.decide_every': 90s is not a multiple of the interval 1m of kraken:BTC/USD");
  check_error("[[strategy]]\nname = 'a'\nkind = 'balanced'\nentre = 0.6\n",
              "bad.toml:4: key 'strategy.entre': unknown; did you mean 'enter'?");
  check_error("[[strategy]]\nname = 'a'\nkind = 'balanced'\nenter = 0.4\n",
              "bad.toml:4: key 'strategy.enter': 0.4 is outside 0.5 to 1");
  check_error("[[strategy]]\nname = 'a'\nkind = 'threshold'\nenter = 0.6\nleave = 0.7\n",
              "bad.toml:5: key 'strategy.leave': strategy 'a': leave 0.7 is above enter 0.6");
  check_error("[[strategy]]\nname = 'flat'\nkind = 'balanced'\n",
              "bad.toml:2: key 'strategy.name': strategy 'flat': the name belongs to the benchmark that always runs, "
              "of that kind "
              "and without options");
  check_error("[[strategy]]\nname = 'buy_and_hold'\nkind = 'buy_and_hold'\n", "loaded");
  check_error("[paper]\nfee_bps = -1\n", "bad.toml:2: key 'paper.fee_bps': -1 is outside 0 to 1000");
  check_error("[exchange.kraken]\ntaker_fee_bps = -1\n",
              "bad.toml:2: key 'exchange.kraken.taker_fee_bps': -1 is outside 0 to 1000");
  check_error("[[market]]\nsymbol = 'A/B'\nlot_step = -1\n", "bad.toml:3: key 'market.lot_step': below zero: '-1'");
  check_error(
      "[paper]\nstale_after = '1s'\n",
      "bad.toml:2: key 'paper.stale_after': 1s is not more than the grace 1s, so no candle would ever be traded on");
  check_error(
      "[server]\nlisten = '0.0.0.0:8501'\n",
      "bad.toml:2: key 'server.listen': '0.0.0.0:8501' can be reached from other machines, which needs a 'token'");
  check_error("[server]\nlisten = '0.0.0.0:8501'\ntoken = 't'\n",
              "bad.toml:3: key 'server.token': is shorter than 32 characters, and '0.0.0.0:8501' can be reached from "
              "other machines");
  check_error("[server]\nlisten = '0.0.0.0:8501'\ntoken = '0123456789abcdef0123456789abcdef'\n", "loaded");
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
  CHECK_THROWS_WITH(load_config(CANDLED_SOURCE_DIR, {}),
                    Catch::Matchers::EndsWith(": is a directory, not a configuration file"));
  for (const char* text :
       {"a = 1e999999", "a = 99999999999999999999", "\"", "[a", "a.b.c = 1\na = 2", "\xef\xbb\xbf[log]\x00"}) {
    CHECK(error_of(text).find('\n') == std::string::npos);
  }
}

}  // namespace candled::config
