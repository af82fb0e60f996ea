// Tables of several markets, and candles that are not done: what must not become the market's own rows.
#include <algorithm>
#include <cctype>
#include <random>

#include "files/import_scene.hpp"

namespace candled::tests {
namespace {

constexpr std::int64_t first_minute = 1'699'999'980;

std::string ohlcvt(int minute) { return std::to_string(first_minute + minute * 60) + ",100,102,99,101,5,12\n"; }

}  // namespace

TEST_CASE("import: a table that no symbol column splits is split by its coins, or refused with the column's name") {
  struct Told {
    std::string name, ours, other;
    bool readable;
  };
  static const std::vector<Told> tables{{"asset", "XBT", "ETH", true},
                                        {"base", "BTC", "ETH", true},
                                        {"Base", "btc", "eth", true},
                                        {"what", "XBT", "SOL", true},
                                        {"asset", "Bitcoin", "Ethereum", false},
                                        {"name", "bitcoin", "ethereum", false},
                                        {"s", "BTCUSD.P", "ETHUSD.P", false},
                                        {"product", "BTC-PERP", "ETH-PERP", false},
                                        {"what", "Bitcoin", "Ethereum", false},
                                        {"market_id", "1", "2", false},
                                        {"instrument", "17", "18", false},
                                        {"exchange", "kraken", "binance", false},
                                        {"Venue", "Kraken", "Gemini", false}};
  for (unsigned seed = 0; seed < 600; ++seed) {
    std::mt19937 dice(seed);
    const Told& told = tables[dice() % tables.size()];
    const bool in_front = dice() % 2 == 0, are_candles = dice() % 2 == 0, by_turns = dice() % 2 == 0;
    const bool alone = dice() % 5 == 0;
    const int count = 40 + static_cast<int>(dice() % 600);
    std::string text = in_front ? told.name + "," : "";
    text += are_candles ? "time,open,high,low,close,volume" : "time,price,quantity,side,misc,flags";
    text += in_front ? "\n" : "," + told.name + "\n";
    int ours = 0, others = 0;
    for (int n = 0; n < count; ++n) {
      const bool other = !alone && (by_turns ? n % 2 == 1 : n >= count / 2);
      const std::string cells =
          std::to_string(first_minute + n * 60) +
          (are_candles ? (other ? ",5,5.1,5,5,3" : ",100,102,99,101,5")
                       : std::string(other ? ",5,1" : ",100,1") + (dice() % 2 == 0 ? ",buy" : ",sell") +
                             (dice() % 9 == 0 ? ",pm" : ",") + (dice() % 2 == 0 ? ",late" : ",odd lot"));
      const std::string& cell = other ? told.other : told.ours;
      text += in_front ? cell + "," + cells + "\n" : cells + "," + cell + "\n";
      ++(other ? others : ours);
    }
    ImportScene scene;
    scene.settings.candle_interval = Duration::minutes(1);
    scene.settings.rejected_percent_max = 0;
    const Imported imported = scene.import_text(text);
    INFO(seed << " " << told.name << " " << told.ours << "\n" << text.substr(0, 400));
    if (!told.readable && !alone) {
      std::string lower = told.name;
      std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
      CHECK(imported.error.find("its column '" + lower + "' holds '" + told.ours + "' and '" + told.other + "'") !=
            std::string::npos);
      continue;
    }
    CHECK(imported.error == "");
    CHECK(imported.rejected.empty());
    CHECK(imported.summary.rows_of_other_markets == others);
    const auto taken = are_candles ? std::ranges::count(imported.candles, CandleState::traded, &Candle::state)
                                   : static_cast<std::ptrdiff_t>(imported.trades.size());
    CHECK(taken == ours);
  }
}

TEST_CASE("import: columns of real formats that are no markets refuse nothing") {
  for (const auto& [name, values] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"misc", {"", "pm", "x1"}},
           {"conditions", {"@ T", "@ I", "odd"}},
           {"ordertype", {"l", "m"}},
           {"tickDirection", {"PlusTick", "ZeroMinusTick"}},
           {"takerOrMaker", {"taker", "maker"}},
           {"fee_currency", {"BTC", "USD"}},
           {"isBestMatch", {"True", "False"}},
           {"datetime", {"2023-11-14T22:13:20Z", "2023-11-14T22:13:21Z"}},
           {"what", {"plain", "special"}},
           {"quote_qty", {"100", "200"}},
           {"exchange", {"kraken"}},
           {"product", {"BTC-PERP"}},
       }) {
    std::string text = "time,price,quantity," + name + "\n";
    for (int n = 0; n < 60; ++n)
      text += std::to_string(first_minute + n) + ",100,1," + values[static_cast<std::size_t>(n) % values.size()] + "\n";
    ImportScene scene;
    const Imported imported = scene.import_text(text);
    INFO(name);
    CHECK(imported.error == "");
    CHECK(imported.trades.size() == 60);
  }
}

TEST_CASE("import: candles that contradict each other again and again are of several markets") {
  std::string text;
  for (int minute = 0; minute < 50; ++minute)
    text += ohlcvt(minute) + (minute % 2 == 0 ? std::to_string(first_minute + minute * 60) + ",5,5,5,5,5,12\n" : "");
  ImportScene scene;
  CHECK(scene.import_text(text, "XBTUSD_1.csv").error.find("25 of its 75 candles contradict earlier ones") !=
        std::string::npos);
}

TEST_CASE("import: a candle that has not ended is refused, and nothing is told of its minute") {
  ImportScene scene;
  scene.settings.now = Timestamp{} + Duration::seconds(first_minute + 3 * 60 + 59);
  scene.settings.candle_interval = Duration::minutes(1);
  const Imported imported = scene.import_text(ohlcvt(0) + ohlcvt(1) + ohlcvt(2) + ohlcvt(3), "XBTUSD_1.csv");
  CHECK(imported.candles.size() == 3);
  REQUIRE(imported.rejected.size() == 1);
  CHECK(imported.rejected[0].why == "the candle has not ended yet");
  CHECK(imported.rejected[0].detail == "2023-11-14T22:17:00Z, now is 2023-11-14T22:16:59Z");
}

TEST_CASE("import: bars since midnight tell their length by their steps") {
  ImportScene scene;
  scene.settings.day = *parse_rfc3339("2016-10-07T00:00:00Z");
  const Imported imported =
      scene.import_text("0,611,612,611,612,1\n60000,612,612,611,611,1\n120000,611,612,611,612,1\n");
  CHECK(imported.error == "");
  CHECK(imported.candles.size() == 3);
}

}  // namespace candled::tests
