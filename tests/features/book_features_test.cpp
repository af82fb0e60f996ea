// Features of the order book: numbers by hand, NaN wherever there is no book, and the same row behind a restart.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <random>

#include "candled/domain/book_facts.hpp"
#include "candled/features/catalogue.hpp"
#include "candled/features/feature_set.hpp"

using namespace candled;
using namespace candled::features;

namespace {

const std::vector<std::string> names = {"book_spread_ratio",
                                        "book_spread_mean_ratio",
                                        "book_microprice_ratio",
                                        "book_microprice_spread",
                                        "book_imbalance_1",
                                        "book_imbalance_10",
                                        "book_imbalance_mean_5",
                                        "mlofi_1_1",
                                        "mlofi_5_2",
                                        "book_slope",
                                        "book_depth_ratio_2",
                                        "book_updates_ratio_2"};

Candle candle_at(int index) {
  Candle candle;
  candle.open_time = Timestamp{} + Duration::minutes(index);
  candle.open = candle.high = candle.low = candle.close = Price::from_units(100 * Price::scale);
  candle.volume = Volume::from_usual_units(Quantity::scale);
  candle.trades = 1;
  return candle;
}

// Bids at 99, 98, ..., asks at 101, 102, ...; `bid` and `ask` stand in each of `ranks` ranks.
BookFacts book_at(int index, double bid, double ask, std::size_t ranks = 10) {
  BookFacts facts;
  facts.open_time = Timestamp{} + Duration::minutes(index);
  facts.updates = 10;
  facts.whole = true;
  facts.spread_mean = 0.03;
  facts.imbalance_mean = {0.1, 0.2, 0.3};
  for (std::size_t i = 0; i < ranks; ++i) {
    const auto step = static_cast<std::int64_t>(i);
    facts.ranks[i].bid = {Price::from_units((99 - step) * Price::scale), Quantity::from_units(std::llround(bid * 1e8))};
    facts.ranks[i].ask = {Price::from_units((101 + step) * Price::scale),
                          Quantity::from_units(std::llround(ask * 1e8))};
    facts.ranks[i].order_flow = static_cast<double>(i + 1);
    facts.ranks[i].depth_mean = 2;
  }
  return facts;
}

std::vector<double> row_of(FeatureSet& set, int index, const BookFacts* book) {
  const std::span<const double> row = set.update(candle_at(index), book);
  return {row.begin(), row.end()};
}

}  // namespace

TEST_CASE("book features: by hand") {
  FeatureSet set(Duration::minutes(1), names);
  const BookFacts book = book_at(0, 3, 1);
  std::vector<double> row = row_of(set, 0, &book);
  CHECK(row[0] == Approx(0.02));
  CHECK(row[1] == Approx(0.03));
  CHECK(row[2] == Approx((99.0 * 1 + 101.0 * 3) / 4 / 100 - 1));
  CHECK(row[3] == Approx(0.25));  // half of the imbalance at the best rank
  CHECK(row[4] == Approx(0.5));
  CHECK(row[5] == Approx(0.5));
  CHECK(row[6] == Approx(0.2));
  CHECK(row[7] == Approx(0.5));  // flow 1 of a depth of 2
  CHECK(std::isnan(row[8]));     // two candles
  CHECK(row[9] == Approx(0.5));  // the same prices on both sides, three times the quantity
  CHECK(std::isnan(row[10]));
  const BookFacts deeper = book_at(1, 9, 3);
  row = row_of(set, 1, &deeper);
  CHECK(row[8] == Approx(2 * (1 + 2 + 3 + 4 + 5) / 5.0 / 2));
  CHECK(row[10] == Approx(120 / 80.0));
  CHECK(row[11] == Approx(1));
}

TEST_CASE("book features: no book is NaN, and so is flow over a candle whose book was not known throughout") {
  FeatureSet set(Duration::minutes(1), names);
  const auto unknown_count = [&](int index, const BookFacts* book) {
    const std::vector<double> row = row_of(set, index, book);
    return std::count_if(row.begin(), row.end(), [](double value) { return std::isnan(value); });
  };
  const BookFacts book = book_at(0, 1, 1);
  BookFacts part = book;
  part.whole = false;
  CHECK(unknown_count(0, nullptr) == 12);
  CHECK(unknown_count(1, &book) == 3);
  CHECK(unknown_count(2, &book) == 0);
  CHECK(unknown_count(3, &part) == 2);  // both flows
  CHECK(unknown_count(4, &book) == 1);
  CHECK(unknown_count(5, &book) == 0);
  CHECK(unknown_count(6, nullptr) == 12);
  CHECK(unknown_count(7, &book) == 3);
  const BookFacts thin = book_at(8, 1, 1, 1);  // one level a side
  CHECK(unknown_count(8, &thin) == 0);
}

TEST_CASE("book features: saved and loaded, the rows go on bit for bit; scaled quantities change nothing") {
  std::mt19937_64 random(3);
  FeatureSet whole(Duration::minutes(1), names), scaled(Duration::minutes(1), names);
  auto broken = std::make_unique<FeatureSet>(Duration::minutes(1), names);
  for (int i = 0; i < 200; ++i) {
    const auto bid = static_cast<double>(random() % 100 + 1), ask = static_cast<double>(random() % 100 + 1);
    BookFacts book = book_at(i, bid, ask), large = book_at(i, 4 * bid, 4 * ask);
    book.ranks[0].order_flow = static_cast<double>(random() % 100) - 50;
    large.ranks[0].order_flow = book.ranks[0].order_flow;
    for (BookRank& rank : large.ranks) rank.order_flow *= 4, rank.depth_mean *= 4;
    const bool absent = random() % 10 == 0;
    const std::vector<double> expected = row_of(whole, i, absent ? nullptr : &book);
    const std::vector<double> got = row_of(*broken, i, absent ? nullptr : &book);
    const std::vector<double> other = row_of(scaled, i, absent ? nullptr : &large);
    REQUIRE(std::memcmp(got.data(), expected.data(), got.size() * sizeof(double)) == 0);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      if (!std::isnan(expected[k])) REQUIRE(other[k] == Approx(expected[k]).margin(1e-12));
    }
    if (random() % 5 == 0) {
      StateWriter writer;
      broken->save(writer);
      const std::string bytes = writer.take();
      StateReader reader(bytes);
      broken = std::make_unique<FeatureSet>(Duration::minutes(1), names);
      REQUIRE(broken->load(reader).has_value());
    }
  }
}

TEST_CASE("book features: levels that are not recorded are refused; none stands in the default list") {
  for (const char* bad :
       {"book_imbalance_11", "mlofi_11_1", "mlofi_0_1", "mlofi_5_0", "book_imbalance_mean_2", "book_imbalance"}) {
    INFO(bad);
    CHECK_FALSE(check_features(std::vector<std::string>{bad}).has_value());
  }
  CHECK(check_features(names).has_value());
  // A book that was lost while the daemon was down cannot be had again, and rows of a list without it are the same after any crash.
  const FeatureSet usual(Duration::minutes(1));
  for (const FeatureInfo& info : usual.list()) CHECK(info.needs != Need::book);
}
