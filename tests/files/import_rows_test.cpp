// Rows that can't be right, rows out of order and rows that stand twice; what lies between candles; memory.
#include <algorithm>

#include "files/import_scene.hpp"

namespace candled::tests {
namespace {

using Texts = std::vector<std::string>;

std::string kraken_row(int id, const std::string& time, const std::string& price = "100",
                       const std::string& quantity = "1") {
  return time + "," + price + "," + quantity + ",b,m,," + std::to_string(id) + "\n";
}

std::string kline(int minute, const std::string& prices = "100,102,99,101", const std::string& sums = "5") {
  const std::int64_t open = 1'699'999'980'000 + minute * 60'000LL;
  return std::to_string(open) + "," + prices + "," + sums + "," + std::to_string(open + 59'999) + ",500,12,2,200,0\n";
}

}  // namespace

TEST_CASE("import: rows that can't be right are refused one by one, with file and line") {
  struct Bad {
    std::string row, why;
  };
  const std::string good = kraken_row(1, "1700000000") + kraken_row(2, "1700000001");
  for (const Bad& bad : std::vector<Bad>{
           {kraken_row(3, "1700000002", "-1"), "price is not above zero"},
           {kraken_row(3, "1700000002", "0"), "price is not above zero"},
           {kraken_row(3, "1700000002", "abc"), "not a number"},
           {kraken_row(3, "1700000002", "100.1234567890123456"), "more decimals than a trade can have here"},
           {kraken_row(3, "1700000002", "nan"), "not a number"},
           {kraken_row(3, "1700000002", "1e400"), "a number has more digits than can be held exactly"},
           {kraken_row(3, "1700000002", "99999999999999999999"), "the price is too large"},
           {kraken_row(3, "1700000002", "9999999999.12345678"), "the price has more digits than can be held exactly"},
           {kraken_row(3, "1700000002", "100", "9999999999999.12345678"),
            "the quantity has more digits than can be held exactly"},
           {kraken_row(3, "1700000002", "100", "1e18"), "the quantity is too large"},
           {kraken_row(3, "1700000002", "100", "0"), "quantity is not above zero"},
           {kraken_row(3, "1700000002", "100", ""), "not a number"},
           {kraken_row(3, "4000000000"), "time in the future"},
           {kraken_row(3, "1767400000"), "time in the future"},  // two days behind now
           {kraken_row(3, "-5"), "not a time"},
           {kraken_row(3, "86400"), "time before there was anything to trade"},
           {kraken_row(3, ""), "not a time"},
           {"1700000002,100,1,b,m,3\n", "wrong number of columns"},
           {"1700000002,100,1,b,m,,3,4\n", "wrong number of columns"},
           {"1700000002,100,1,x,m,,3\n", "not a side"},
           {"1700000002,100,1,b,m,,x\n", "the trade id is not a number"},
           {"1700000002,100,1,b,m,,-3\n", "the trade id is negative"},
           {"1700000002,100,1,b,m,," + std::string(5000, '3') + "\n", "the line is too long"},
       }) {
    INFO(bad.row.substr(0, 60));
    ImportScene scene;
    const Imported imported = scene.import_text(good + bad.row + kraken_row(4, "1700000003"), "some.csv");
    CHECK(imported.error == "");
    REQUIRE(imported.rejected.size() == 1);
    CHECK(imported.rejected[0].why == bad.why);
    CHECK(imported.rejected[0].line == 3);
    CHECK(imported.rejected[0].file.find("some.csv") != std::string::npos);
    CHECK(imported.rejected[0].text == bad.row.substr(0, std::min<std::size_t>(200, bad.row.size() - 1)));
    CHECK(imported.trades.size() == 3);
  }
}

TEST_CASE("import: candles that can't be right") {
  struct Bad {
    std::string row, why;
  };
  for (const Bad& bad : std::vector<Bad>{
           {kline(1, "100,98,99,100"), "high is below low"},
           {kline(1, "103,102,99,101"), "open or close is outside low and high"},
           {kline(1, "100,102,99,98"), "open or close is outside low and high"},
           {kline(1, "100,102,0,101"), "price is not above zero"},
           {kline(1, "100,102,99,101", "-5"), "a count or volume is below zero"},
           {kline(1, "100,102,99,101", "1"), "the taker bought more than was traded"},
           {"1700000040123,100,102,99,101,5,1700000099999,500,12,2,200,0\n", "does not open with an interval"},
           {"1700000040000,100,102,99,101,0,1700000099999,0,0,0,0,0\n", "nothing traded, and yet the price moved"},
           {"1700000040000,100,102,99,101,5,1600000099999,500,12,2,200,0\n", "closes before it opens"},
       }) {
    INFO(bad.row);
    ImportScene scene;
    const Imported imported = scene.import_text(kline(0) + bad.row + kline(2));
    REQUIRE(imported.rejected.size() == 1);
    CHECK(imported.rejected[0].why == bad.why);
    CHECK(texts_of(imported.candles) == Texts{"22:13:00 100 102 99 101 v5 t12 b2 traded", "22:14:00 v0 gap",
                                              "22:15:00 100 102 99 101 v5 t12 b2 traded"});
  }
}

TEST_CASE("import: one candle beside the grid does not change the grid") {
  ImportScene scene;
  std::string text;
  for (int minute = 0; minute < 70; ++minute) {
    const int slip = minute == 30 ? 7 : 0;
    text += std::to_string(1'699'999'980 + minute * 60 + slip) + ",100,102,99,101,5,12\n";
  }
  const Imported imported = scene.import_text(text, "a.csv");
  CHECK(imported.error == "");
  REQUIRE(imported.rejected.size() == 1);
  CHECK(imported.rejected[0].why == "does not open with an interval");
  CHECK(imported.rejected[0].line == 31);
  CHECK(imported.summary.rows == 70);
}

TEST_CASE("import: over the bound of refused rows nothing comes out") {
  ImportScene scene;
  scene.settings.rejected_percent_max = 1;
  std::string text;
  for (int i = 0; i < 199; ++i) text += kraken_row(i, std::to_string(1'700'000'000 + i));
  CHECK(scene.import_text(text + "x\n").trades.size() == 199);
  CHECK(scene.import_text(text + "x\nx\nx\n").error.find("3 of 202 rows can't be right") != std::string::npos);
}

TEST_CASE("import: ids decide the order, whatever the files do") {
  ImportScene scene;
  const auto a = scene.file("a.csv", kraken_row(5, "1700000001", "105") + kraken_row(3, "1700000000", "103") +
                                         kraken_row(4, "1700000001", "104"));
  const auto b = scene.file("b.csv", kraken_row(1, "1700000000", "101") + kraken_row(3, "1700000000", "103") +
                                         kraken_row(4, "1700000001", "999"));
  const Imported imported = scene.import({a, b});
  Texts prices;
  for (const Trade& trade : imported.trades) prices.push_back(std::to_string(trade.id) + ":" + trade.price.to_text());
  CHECK(prices == Texts{"1:101", "3:103", "4:104", "5:105"});
  CHECK(imported.summary.repeated == 1);
  CHECK(imported.summary.conflicting == 1);
}

TEST_CASE("import: a time that contradicts its id is refused, not the rows around it") {
  ImportScene scene;
  const Imported imported =
      scene.import_text(kraken_row(1, "1700000000") + kraken_row(2, "1600000000") + kraken_row(3, "1700000001") +
                        kraken_row(4, "1750000000") + kraken_row(5, "1700000002") + kraken_row(6, "1700000000"));
  CHECK(imported.trades.size() == 4);
  REQUIRE(imported.rejected.size() == 2);
  CHECK(imported.rejected[0].line == 2);
  CHECK(imported.rejected[1].line == 4);
}

TEST_CASE("import: trades without ids get ids from their time, the same for the same trades") {
  ImportScene scene;
  const std::string first = "1700000000,100,1\n1700000000,100,1\n1700000001,101,2\n";
  const Imported imported = scene.import_text(first);
  REQUIRE(imported.trades.size() == 3);
  CHECK(imported.trades[0].id == made_id_from({1'700'000'000'000'000'000}));
  CHECK(imported.trades[1].id == imported.trades[0].id + 1);
  CHECK(imported.trades[2].id < 0);
  CHECK(files::between_made_ids(imported.trades[0].id, imported.trades[2].id) == Duration::seconds(1));
  CHECK(imported.trades[0].side == Side::unknown);
  // The full set and the quarter that overlaps it; rows out of order inside a file.
  const auto a = scene.file("a.csv", "1700000001,101,2\n1700000000,100,1\n1700000000,100,1\n");
  const auto b = scene.file("b.csv", "1700000001,101,2\n1700000002,102,3\n");
  const Imported both = scene.import({a, b});
  CHECK(both.trades.size() == 4);
  CHECK(both.summary.repeated == 1);
  for (std::size_t i = 0; i < 3; ++i) CHECK(both.trades[i].id == imported.trades[i].id);
}

TEST_CASE("import: trades without ids are known by time, price, quantity, and their count within the file") {
  ImportScene scene;
  // A second that is cut in two.
  const auto a = scene.file("a.csv", "1700000000,100,1\n1700000001,101,2\n");
  const auto b = scene.file("b.csv", "1700000001,101,3\n1700000001,102,2\n1700000002,102,3\n");
  const Imported cut = scene.import({a, b});
  CHECK(cut.summary.repeated == 0);
  CHECK(cut.trades.size() == 5);
  // Two of the same in one file are two; those of another file are these again.
  const auto c = scene.file("c.csv", "1700000000,100,1\n1700000000,100,1\n");
  const auto d = scene.file("d.csv", "1700000000,100,1\n1700000000,100,1\n1700000000,100,1\n");
  CHECK(scene.import({a, c}).trades.size() == 3);
  CHECK(scene.import({c, d, c}).trades.size() == 3);
  // Many more than a thousand in a microsecond, twice, and the ones behind it.
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += "1700000000," + std::to_string(100 + i % 50) + "," + std::to_string(1 + i % 7) + "\n";
  const auto e = scene.file("e.csv", many + "1700000000.000001,1,1\n1700000000.000002,1,1\n");
  const auto f = scene.file("f.csv", many);
  const Imported crowd = scene.import({e, f});
  CHECK(crowd.trades.size() == 5002);
  CHECK(crowd.summary.repeated == 5000);
  for (std::size_t i = 1; i < crowd.trades.size(); ++i) REQUIRE(crowd.trades[i].id > crowd.trades[i - 1].id);
}

TEST_CASE("import: files of whole seconds make the same trades however they are cut and overlap") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    ImportScene scene;
    unsigned state = seed;
    const auto draw = [&state](unsigned count) {
      state = state * 1'664'525u + 1'013'904'223u;
      return (state >> 16) % count;
    };
    std::vector<std::string> lines;
    for (unsigned i = 0, second = 0; i < 60; ++i, second += draw(2))
      lines.push_back(std::to_string(1'700'000'000 + second) + "," + std::to_string(1000 + i) + ",1\n");
    const auto part = [&](const std::string& name, std::size_t from, std::size_t to) {
      std::string text;
      for (std::size_t i = from; i < to; ++i) text += lines[i];
      return scene.file(name, text);
    };
    const std::size_t first = 1 + draw(58), second = first + draw(static_cast<unsigned>(60 - first));
    const Imported whole = scene.import({part("whole.csv", 0, 60)});
    const Imported parts = scene.import({part("1.csv", 0, second), part("2.csv", first, 60)});
    INFO(seed << " " << first << " " << second);
    CHECK(whole.trades.size() == 60);
    CHECK(texts_of(parts.trades) == texts_of(whole.trades));
    CHECK(parts.summary.repeated == static_cast<std::int64_t>(second - first));
  }
}

TEST_CASE("import: void aggregates of Binance are skipped, not refused") {
  ImportScene scene;
  const Imported imported =
      scene.import_text("7,100.5,0.25,20,22,1700000000500,False,True\n8,0,0,-1,-1,1700000000500,False,True\n");
  CHECK(imported.trades.size() == 1);
  CHECK(imported.summary.void_rows == 1);
  CHECK(imported.rejected.empty());
}

TEST_CASE("import: more rows than fit into memory come out the same") {
  std::string text;
  std::vector<int> ids;
  for (int i = 0; i < 5'000; ++i) ids.push_back((i * 2'741) % 5'000);
  for (const int id : ids) text += kraken_row(id, std::to_string(1'700'000'000 + id / 3));
  ImportScene scene;
  const Imported at_once = scene.import_text(text);
  scene.settings.rows_in_memory_max = 100;
  const Imported spilled = scene.import_text(text);
  CHECK(at_once.trades.size() == 5'000);
  CHECK(texts_of(spilled.trades) == texts_of(at_once.trades));
  CHECK(std::ranges::is_sorted(spilled.trades, {}, &Trade::id));
  for (const auto& entry : std::filesystem::directory_iterator(scene.folder))
    CHECK(entry.path().filename() == "file.csv");
}

TEST_CASE("import: what lies between candles is a gap, quiet, or nobody knows") {
  ImportScene scene;
  // Klines write every minute.
  const Imported klines = scene.import_text(kline(0) + kline(3));
  CHECK(texts_of(klines.candles) == Texts{"22:13:00 100 102 99 101 v5 t12 b2 traded", "22:14:00 v0 gap",
                                          "22:15:00 v0 gap", "22:16:00 100 102 99 101 v5 t12 b2 traded"});
  // OHLCVT leaves quiet ones out; for more than an hour that is not believed.
  auto ohlcvt = [](int minute) { return std::to_string(1'699'999'980 + minute * 60) + ",100,102,99,101,5,12\n"; };
  const Imported hour = scene.import_text(ohlcvt(0) + ohlcvt(1) + ohlcvt(62) + ohlcvt(124));
  auto count = [](const Imported& imported, CandleState state) {
    return std::ranges::count(imported.candles, state, &Candle::state);
  };
  CHECK(count(hour, CandleState::quiet) == 60);
  CHECK(count(hour, CandleState::gap) == 61);
  CHECK(hour.candles.size() == 125);
  // Finer candles than the market's: five of them make one, and a missing one makes a gap of it.
  scene.settings.market.interval = Duration::minutes(5);
  const Imported five = scene.import_text(kline(2) + kline(3) + kline(4) + kline(5) + kline(6) + kline(7) + kline(9) +
                                          kline(10) + kline(11));
  CHECK(texts_of(five.candles) ==
        Texts{"22:15:00 100 102 99 101 v25 t60 b10 traded", "22:20:00 100 102 99 101 v20 t48 b8 gap"});
}

TEST_CASE("import: a minute and its seconds are one minute") {
  ImportScene scene;
  const auto minute =
      scene.file("minute/20231114_btcusd_minute_trade.csv", "79980000,100,102,99,101,5\n80040000,101,101,101,101,1\n");
  scene.file("second/20231114_btcusd_second_trade.csv",
             "79980000,100,102,99,101,4\n79981000,100,102,99,101,1\n80100000,103,103,103,103,2\n");
  scene.file("LICENSE", "words");
  scene.file("minute/20231114_btcusd_minute_quote.csv", "0,1,1,1,1,1,2,2,2,2,2\n");
  const Imported imported = scene.import({scene.folder});
  CHECK(imported.error == "");
  CHECK(texts_of(imported.candles) == Texts{"22:13:00 100 102 99 101 v5 traded", "22:14:00 101 101 101 101 v1 traded",
                                            "22:15:00 103 103 103 103 v2 traded"});
  CHECK(imported.summary.repeated == 2);
  CHECK(imported.summary.passed_over == 2);
}

}  // namespace candled::tests
