// Recorded and synthetic tapes.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "candled/simulator/tape.hpp"
#include "simulator/dialects/kraken/pairs.hpp"
#include "simulator/synthetic_tape.hpp"

using namespace candled;
using namespace candled::simulator;

namespace {

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("candled_tape_" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string write(const char* name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

const std::string header = "price,volume,time,timestamp,type,order_type,trade_id\n";

void check_refused(const std::string& text, const std::string& message) {
  const Folder folder;
  const Result<std::vector<Trade>> trades = load_trades({{folder.write("bad.csv", text)}, {}, {}});
  REQUIRE_FALSE(trades.has_value());
  INFO(trades.error().message);
  CHECK(trades.error().message.find(message) != std::string::npos);
}

std::vector<Trade> take(Tape& tape, std::size_t count) {
  std::vector<Trade> trades;
  for (const Trade* t = tape.peek(); t != nullptr && trades.size() < count; t = tape.peek()) {
    trades.push_back(*t);
    tape.next();
  }
  return trades;
}

std::vector<Trade> synthetic(const SyntheticMarket& settings, std::size_t count, const char* symbol = "BTC/USD") {
  SyntheticTape tape(settings, kraken::pair_of(symbol).value().instrument,
                     parse_rfc3339("2025-01-01T00:00:00Z").value());
  return take(tape, count);
}

bool same(const Trade& a, const Trade& b) {
  return a.id == b.id && a.time == b.time && a.price == b.price && a.quantity == b.quantity && a.side == b.side &&
         a.order_type == b.order_type;
}

// How often the sign of the last `back` minutes' return is that of the next five minutes'.
double trend_accuracy(double predictability, int days, int back) {
  SyntheticTape tape({.seed = 11, .trades_per_minute = 8, .predictability = predictability},
                     kraken::pair_of("BTC/USD").value().instrument, Timestamp{});
  std::vector<double> closes;
  double last = 0;
  for (std::int64_t minute = 0; minute < days * 1440; ++minute) {
    for (; tape.peek()->time < Timestamp{} + Duration::minutes(minute + 1); tape.next())
      last = tape.peek()->price.to_double();
    closes.push_back(last);
  }
  int right = 0, all = 0;
  for (std::size_t i = static_cast<std::size_t>(back); i + 5 < closes.size(); i += 5) {
    const double before = closes[i] - closes[i - static_cast<std::size_t>(back)], after = closes[i + 5] - closes[i];
    if (before == 0 || after == 0) continue;
    ++all;
    if ((before > 0) == (after > 0)) ++right;
  }
  return static_cast<double>(right) / all;
}

}  // namespace

TEST_CASE("trade files: overlapping, shuffled, repeated rows become one run of ids") {
  const Folder folder;
  folder.write("a.csv", header + "100.5,1,x,1700000000.5,buy,limit,7\n100.6,9.5e-05,x,1700000000.5,sell,market,6\n");
  folder.write("b.csv", header + "100.5,1,x,1700000000.5,buy,limit,7\r\n100.7,2,x,1700000001.25,buy,limit,8\r\n");
  folder.write("ignored.txt", "nothing");
  const auto trades = load_trades({{folder.path.string()}, {}, {}}).value();
  REQUIRE(trades.size() == 3);
  CHECK(trades[0].id == 6);
  CHECK(trades[0].side == Side::sell);
  CHECK(trades[0].order_type == OrderType::market);
  CHECK(trades[0].quantity.to_text() == "0.000095");
  CHECK(trades[2].id == 8);
  CHECK(trades[2].time.ns == 1700000001250000000);

  const auto later = load_trades({{folder.path.string()}, Timestamp{1700000001000000000}, {}}).value();
  REQUIRE(later.size() == 1);
  CHECK(later[0].id == 8);
}

TEST_CASE("trade files: columns are found by name") {
  const Folder folder;
  const auto trades =
      load_trades({{folder.write("c.csv", "trade_id,time,volume,price\n5,2025-05-05 21:37:42,1,2\n")}, {}, {}}).value();
  REQUIRE(trades.size() == 1);
  CHECK(to_iso8601(trades[0].time) == "2025-05-05T21:37:42Z");
}

TEST_CASE("trade files: what is wrong is named") {
  check_refused("", "cannot read");
  check_refused("a,b\n", "no column 'price'");
  check_refused(header + "100,1,x,1700000000,buy,limit,x7\n", "line 2: bad trade_id 'x7'");
  check_refused(header + "100,1,x,1700000000,buy,limit\n", "line 2: bad trade_id");
  check_refused(header + "-100,1,x,1700000000,buy,limit,7\n", "below zero: '-100'");
  check_refused(header + "100,0,x,1700000000,buy,limit,7\n", "must be positive");
  check_refused(header + "1e99,1,x,1700000000,buy,limit,7\n", "line 2");
  check_refused(header + "100,1,x,1700000009,buy,limit,7\n100,1,x,1700000001,buy,limit,8\n",
                "time goes back behind trade 7");
  check_refused(header, "no trade");
  const auto missing = load_trades({{"/nowhere/at/all.csv"}, {}, {}});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message.find("/nowhere/at/all.csv") != std::string::npos);
}

TEST_CASE("trade files: the recorded Kraken stretches") {
  const char* data = std::getenv("CANDLED_DATA");
  const std::string folder =
      (data != nullptr ? std::string(data) : std::string(CANDLED_SOURCE_DIR) + "/../shared/data") +
      "/trades/kraken-btcusd";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no recorded data at " << folder);
    return;
  }
  const auto trades = load_trades({{folder}, {}, {}}).value();
  CHECK(trades.size() == 24'720);
  int stretches = 1;
  for (std::size_t i = 1; i < trades.size(); ++i) stretches += trades[i].id == trades[i - 1].id + 1 ? 0 : 1;
  CHECK(stretches == 4);
  const auto last = load_trades({{folder}, parse_rfc3339("2025-11-24T00:00:00Z").value(), {}}).value();
  CHECK(last.size() == 2'044);
}

TEST_CASE("synthetic market: the seed decides everything") {
  const auto one = synthetic({.seed = 5}, 20'000), again = synthetic({.seed = 5}, 20'000);
  REQUIRE(one.size() == 20'000);
  CHECK(std::equal(one.begin(), one.end(), again.begin(), same));
  const auto other = synthetic({.seed = 6}, 100), ether = synthetic({.seed = 5}, 100, "ETH/USD");
  CHECK_FALSE(std::equal(other.begin(), other.end(), one.begin(), same));
  CHECK(ether[0].id != one[0].id);
}

TEST_CASE("synthetic market: ids follow each other, time never goes back, prices are at the pair's precision") {
  const auto trades = synthetic({.seed = 3, .first_id = 123'456'789'012'345'678}, 50'000);
  CHECK(trades[0].id == 123'456'789'012'345'678);
  std::size_t longest = 0, run = 1;
  for (std::size_t i = 1; i < trades.size(); ++i) {
    REQUIRE(trades[i].id == trades[i - 1].id + 1);
    REQUIRE(trades[i].time >= trades[i - 1].time);
    run = trades[i].time == trades[i - 1].time ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  CHECK(longest >= 8);
  CHECK(longest <= 17);
  for (const Trade& trade : trades) {
    REQUIRE(trade.price.is_positive());
    REQUIRE(trade.price.usual_units().value() % 1'000'000'000 == 0);
    REQUIRE(trade.quantity.is_positive());
  }
}

TEST_CASE("synthetic market: as many trades as asked, and minutes with none") {
  SyntheticTape tape({.seed = 9, .trades_per_minute = 60, .quiet_minutes = 0.03, .length = Duration::days(5)},
                     kraken::pair_of("BTC/USD").value().instrument, Timestamp{});
  std::map<std::int64_t, int> per_minute;
  const auto trades = take(tape, SIZE_MAX);
  for (const Trade& trade : trades) ++per_minute[trade.time.ns / 60'000'000'000];
  const double mean = static_cast<double>(trades.size()) / (5 * 1440);
  INFO("trades a minute " << mean << ", minutes with trades " << per_minute.size());
  CHECK(mean > 40);
  CHECK(mean < 80);
  const std::size_t quiet = 5 * 1440 - per_minute.size();
  CHECK(quiet > 100);
  CHECK(quiet < 400);
  CHECK(trades.back().time < Timestamp{} + Duration::days(5));
  CHECK(synthetic({.seed = 9, .trades_max = 777}, SIZE_MAX).size() == 777);
}

TEST_CASE("synthetic market: volatility clusters") {
  const auto trades =
      synthetic({.seed = 4, .trades_per_minute = 10, .quiet_minutes = 0, .length = Duration::days(20)}, SIZE_MAX);
  std::map<std::int64_t, double> hours;  // sum of squared returns
  double last = trades[0].price.to_double();
  std::int64_t minute = 0;
  for (const Trade& trade : trades) {
    if (trade.time.ns / 60'000'000'000 == minute) continue;
    minute = trade.time.ns / 60'000'000'000;
    const double r = std::log(trade.price.to_double() / last);
    last = trade.price.to_double();
    hours[minute / 60] += r * r;
  }
  double low = 1e9, high = 0;
  for (const auto& [hour, sum] : hours) low = std::min(low, sum), high = std::max(high, sum);
  CHECK(high / low > 4);  // constant volatility gives about 2.2
}

TEST_CASE("synthetic market: a trend can be felt at predictability 1, nothing at 0") {
  const double felt = trend_accuracy(1, 120, 15), nothing = trend_accuracy(0, 120, 15);
  INFO("felt " << felt << ", nothing " << nothing);
  CHECK(felt > 0.515);
  CHECK(felt < 0.60);
  CHECK(nothing > 0.485);
  CHECK(nothing < 0.515);
}
