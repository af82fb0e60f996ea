// What a file says about its own completeness, to the single id.
#include "candled/store/quality.hpp"

#include "small_journal.hpp"
#include "store/outlier_band.hpp"

namespace candled::tests {
namespace {

using store::MarketQuality;

MarketQuality quality_of(const SmallJournal& journal) {
  std::int64_t rows = 0;
  const auto quality = store::read_quality(journal.path(), SmallJournal::markets()[0], [&](std::int64_t read) {
    rows = read;
    return true;
  });
  REQUIRE(quality);
  CHECK(rows == quality->trades.count + quality->candles.traded + quality->candles.quiet + quality->candles.gap);
  return *quality;
}

}  // namespace

TEST_CASE("quality: ids, sequence gaps, gaps and absent candles are counted to the single one") {
  SmallJournal journal("candled_quality_test");
  const MarketId market{0};
  for (const std::int64_t id : {10, 11, 12, 15, 16, 20}) journal.commit(journal.trade(market, id));
  journal.commit(journal.candle(market, 0, CandleState::traded, "100"),
                 journal.candle(market, 1, CandleState::quiet, "100"), journal.candle(market, 2, CandleState::gap, "0"),
                 journal.candle(market, 3, CandleState::gap, "0"),
                 journal.candle(market, 6, CandleState::traded, "100"), journal.trade(market, 21));
  MarketQuality q = quality_of(journal);
  CHECK_FALSE(q.whole());
  CHECK(q.trades.count == 7);
  CHECK(*q.trades.first_id == 10);
  CHECK(*q.trades.last_id == 21);
  CHECK(q.trades.missing_ids == 5);
  REQUIRE(q.trades.missing.size() == 2);
  CHECK(q.trades.missing[0].first_id == 13);
  CHECK(q.trades.missing[0].last_id == 14);
  CHECK(q.trades.missing[1].last_id == 19);
  CHECK(q.candles.traded == 2);
  CHECK(q.candles.quiet == 1);
  CHECK(q.candles.gap == 2);
  CHECK(q.candles.absent == 2);
  REQUIRE(q.candles.missing.size() == 2);
  CHECK(q.candles.missing[0].candles == 2);
  CHECK(q.candles.missing[0].stored_as_gap);
  CHECK(q.candles.missing[1].from == SmallJournal::start + Duration::minutes(4));
  CHECK(q.candles.missing[1].to == SmallJournal::start + Duration::minutes(5));

  // A record may end on a sequence gap: what lies in it is missing, too.
  journal.commit(journal.sequence_gap(22));
  q = quality_of(journal);
  CHECK(q.open_sequence_gaps == 1);
  CHECK(q.trades.missing_ids == 10);
  CHECK_FALSE(q.trades.missing.back().before);
  CHECK_FALSE(store::read_quality(journal.path(), SmallJournal::markets()[0], [](std::int64_t) { return false; }));
  CHECK_THROWS_AS(store::read_quality(journal.path(), {MarketId{0}, "kraken", "XRP/USD", {}}, {}), store::StoreError);
}

TEST_CASE("quality: a whole market is whole, and trades without ids are no sequence gaps") {
  SmallJournal journal("candled_quality_whole_test");
  for (const std::int64_t id : {-900, -5, 1, 2, 3}) journal.commit(journal.trade(MarketId{0}, id));
  const MarketQuality q = quality_of(journal);
  CHECK(q.whole());
  CHECK(q.trades.without_id == 2);
  CHECK(*q.trades.first_id == 1);
}

TEST_CASE("outliers: a wrong row is found among quiet ones, a wild hour is not all outliers") {
  const auto count = [](auto move_of) {
    store::OutlierBand band;
    for (int i = 0; i < 3'000; ++i) {
      const double move = move_of(i);
      band.add(Timestamp{i}, 100, 100 * (1 + move), 100 * (1 - move / 2));
    }
    band.finish();
    return std::pair(band.count(), band.worst().empty() ? -1 : band.worst().front().open_time.ns);
  };
  const auto usual = [](int i) { return 0.0005 + 0.0003 * ((i * 7919) % 100) / 100.0; };
  CHECK(count(usual).first == 0);
  CHECK(count([&](int i) { return i == 1'700 ? 0.1 : usual(i); }) == std::pair<std::int64_t, std::int64_t>(1, 1'700));
  CHECK(count([&](int i) { return i > 1'000 && i < 2'500 ? usual(i) * 10 : usual(i); }).first == 0);
  CHECK(count([](int) { return 0.0; }).first == 0);
}

}  // namespace candled::tests
