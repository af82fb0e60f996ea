// What is not read is not absent: rows that are refused make their minute unknown. And rows of other markets are nothing at all.
#include <random>
#include <set>

#include "files/import_scene.hpp"

namespace candled::tests {
namespace {

constexpr std::int64_t first_minute = 1'699'999'980;

std::string ohlcvt(int minute) { return std::to_string(first_minute + minute * 60) + ",100,102,99,101,5,12\n"; }

CandleState state_at(const Imported& imported, int minute) {
  for (const Candle& candle : imported.candles) {
    if (candle.open_time == Timestamp{} + Duration::seconds(first_minute + minute * 60)) return candle.state;
  }
  return CandleState::gap;  // nothing is told of it
}

}  // namespace

TEST_CASE("import: the minute of a refused candle is unknown, in formats that leave quiet ones out too") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 dice(seed);
    const std::string header = dice() % 2 == 0 ? "" : "time,open,high,low,close,volume,trades\n";
    std::vector<std::string> rows;
    std::set<int> good, bad, with_time;
    for (int minute = 0; minute < 60; ++minute) {
      const unsigned kind = minute == 0 || minute == 59 ? 0 : static_cast<unsigned>(dice() % 12);
      if (kind < 6) {
        rows.push_back(ohlcvt(minute));
        good.insert(minute);
        continue;
      }
      if (kind < 9) continue;  // quiet
      const std::string time = std::to_string(first_minute + minute * 60);
      static const std::vector<std::string> broken{",100,90,99,101,5,12\n", ",abc,102,99,101,5,12\n", ",100,102\n",
                                                   ",100,102,99,101,,12\n", ",-1,102,99,101,5,12,7,8\n"};
      if (kind < 11) {
        rows.push_back(time + broken[dice() % broken.size()]);
        with_time.insert(minute);
      } else {  // the time itself cannot be read
        static const std::vector<std::string> times{"", "x", "169999", "9999999999"};
        rows.push_back(times[dice() % times.size()] + ",100,102,99,101,5,12\n");
      }
      bad.insert(minute);
    }
    if (dice() % 3 == 0) std::ranges::reverse(rows);
    std::string text = header;
    for (const std::string& row : rows) text += row;
    ImportScene scene;
    scene.settings.candle_interval = Duration::minutes(1);
    const Imported imported = scene.import_text(text);
    INFO(seed << "\n" << text);
    REQUIRE(imported.error == "");
    CHECK(imported.rejected.size() == bad.size());
    for (const int minute : good) CHECK(state_at(imported, minute) == CandleState::traded);
    for (const int minute : bad) CHECK(state_at(imported, minute) == CandleState::gap);
    // Without an unreadable time nothing else is unknown.
    if (bad == with_time) {
      for (int minute = 0; minute < 60; ++minute) {
        if (!good.contains(minute) && !bad.contains(minute)) CHECK(state_at(imported, minute) == CandleState::quiet);
      }
    }
  }
}

TEST_CASE("import: a candle that another file tells is known, whatever was refused") {
  ImportScene scene;
  const auto broken =
      scene.file("XBTUSD_1.csv", ohlcvt(0) + std::to_string(first_minute + 60) + ",100,90\n" + ohlcvt(2));
  const auto whole = scene.file("b/XBTUSD_1.csv", ohlcvt(0) + ohlcvt(1) + ohlcvt(2));
  for (const auto& paths : {std::vector{broken, whole}, std::vector{whole, broken}}) {
    const Imported imported = scene.import(paths);
    CHECK(imported.candles.size() == 3);
    CHECK(state_at(imported, 1) == CandleState::traded);
    CHECK(imported.summary.conflicting == 0);
  }
}

TEST_CASE("import: where trades without ids were refused is told") {
  ImportScene scene;
  const auto times = [](const Imported& imported) {
    std::vector<std::int64_t> seconds;
    for (const Timestamp time : imported.summary.refused_trades) seconds.push_back(time.ns / 1'000'000'000);
    return seconds;
  };
  const Imported imported = scene.import_text(
      "1700000000,100,1\n1700000100,abc,1\n1700000200,100,1\nx,100,1\n1700000400,100,1\n1700000500,100\n");
  CHECK(imported.error == "");
  CHECK(imported.rejected.size() == 3);
  CHECK(times(imported) == std::vector<std::int64_t>{1700000100, 1700000200, 1700000500});
  // With ids the missing id tells it.
  CHECK(
      times(scene.import_text("1700000000,100,1,b,m,,7\n1700000100,abc,1,b,m,,8\n1700000200,100,1,b,m,,9\n")).empty());
}

TEST_CASE("import: a row ahead of now by more than a minute is refused with its time and now") {
  ImportScene scene;
  const std::int64_t now = scene.settings.now.ns / 1'000'000'000;
  const std::string text = std::to_string(now - 60) + ",100,1\n" + std::to_string(now + 59) + ",100,1\n" +
                           std::to_string(now + 61) + ",100,1\n";
  const Imported imported = scene.import_text(text);
  CHECK(imported.trades.size() == 2);
  REQUIRE(imported.rejected.size() == 1);
  CHECK(imported.rejected[0].why == "time in the future");
  CHECK(imported.rejected[0].detail == "2026-01-01T00:01:01Z, now is 2026-01-01T00:00:00Z");
  CHECK(imported.rejected[0].line == 3);
}

TEST_CASE("import: times with offsets are UTC, named zones and years that cannot be are refused") {
  struct Told {
    std::string text, time;  // empty: refused
  };
  for (const Told& told : std::vector<Told>{
           {"2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z"},
           {"2023-11-14 22:13:20", "2023-11-14T22:13:20Z"},
           {"2023-11-15T00:13:20+02:00", "2023-11-14T22:13:20Z"},
           {"2023-11-14T17:13:20-05:00", "2023-11-14T22:13:20Z"},
           {"1700000000", "2023-11-14T22:13:20Z"},
           {"1700000000000", "2023-11-14T22:13:20Z"},
           {"1700000000000000", "2023-11-14T22:13:20Z"},
           {"1700000000000000000", "2023-11-14T22:13:20Z"},
           {"1.7e9", "2023-11-14T22:13:20Z"},
           {"2023-11-14 22:13:20 CET", ""},
           {"2023-11-14 22:13:20 America/New_York", ""},
           {"17000000", ""},
           {"170000000000", ""},
           {"28333333", ""},
           {"0", ""},
           {"3400000000", ""},
       }) {
    INFO(told.text);
    ImportScene scene;
    const Imported imported =
        scene.import_text("time,price,volume\n" + told.text + ",100,1\n2023-11-14T22:13:21Z,100,1\n");
    CHECK(imported.error == "");
    if (told.time.empty()) {
      CHECK(imported.rejected.size() == 1);
      CHECK(imported.trades.size() == 1);
    } else {
      REQUIRE(imported.trades.size() == 2);
      CHECK(to_iso8601(imported.trades[0].time) == told.time);
    }
  }
}

TEST_CASE("import: of a table with several markets only the market's own rows are taken") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 dice(seed);
    static const std::vector<std::string> names{"symbol",
                                                "Pair",
                                                "market",
                                                "product_id",
                                                "ticker",
                                                "instrument",
                                                "s",
                                                "coin",
                                                "what_is_this",
                                                "base,quote",
                                                "base_asset,quote_asset"};
    static const std::vector<std::vector<std::string>> spellings{
        {"XBTUSD", "BTC/USD", "btc-usd", "XXBTZUSD", "BTCUSD", "kraken:BTC/USD"},
        {"ETHUSD", "ETH/USD", "eth-usd", "XETHZUSD", "WBTCUSD", "binance:BTC/USD"},
        {"XBTEUR", "BTC/EUR", "btc-usdt", "XXBTZEUR", "BTCUSDT", "SOLUSD"}};
    const std::string name = names[dice() % names.size()];
    const bool in_two = name.find(',') != std::string::npos;
    const bool in_front = dice() % 2 == 0, are_candles = dice() % 2 == 0;
    std::string text = in_front ? name + "," : "";
    text += are_candles ? "time,open,high,low,close,volume" : "time,price,quantity";
    text += in_front ? "\n" : "," + name + "\n";
    int ours = 0, others = 0;
    for (int n = 0; n < 40; ++n) {
      const std::size_t market = dice() % 3;
      std::string symbol = spellings[market][dice() % spellings[market].size()];
      if (in_two) symbol = std::vector<std::string>{"XBT,USD", "ETH,USD", "BTC,USDT"}[market];
      const std::string cells = std::to_string(first_minute + n * 60) + (are_candles ? ",100,102,99,101,5" : ",100,1");
      text += in_front ? symbol + "," + cells + "\n" : cells + "," + symbol + "\n";
      ++(market == 0 ? ours : others);
    }
    ImportScene scene;
    scene.settings.candle_interval = Duration::minutes(1);
    scene.settings.rejected_percent_max = 0;
    const Imported imported = scene.import_text(text);
    INFO(seed << "\n" << text);
    CHECK(imported.error == "");
    CHECK(imported.rejected.empty());
    CHECK(imported.summary.rows_of_other_markets == others);
    const auto taken = are_candles ? std::ranges::count(imported.candles, CandleState::traded, &Candle::state)
                                   : static_cast<std::ptrdiff_t>(imported.trades.size());
    CHECK(taken == ours);
  }
  ImportScene scene;
  const Imported none = scene.import_text("time,price,amount,coin\n1700000000,1,1,ETH\n1700000001,1,1,SOL\n");
  CHECK(none.error.find("no row of BTC/USD; there are rows of ETH, SOL") != std::string::npos);
}

}  // namespace candled::tests
