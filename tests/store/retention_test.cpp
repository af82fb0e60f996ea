// Pruning, compacting, the write-ahead log, and a file that is gone.
#include "candled/store/retention.hpp"

#include <filesystem>
#include <fstream>

#include <sqlite3.h>

#include "candled/store/quality.hpp"
#include "candled/store/reader.hpp"
#include "small_journal.hpp"

namespace candled::tests {
namespace {

using store::Reader;
using store::Retention;

// 600 trades of ten minutes, a candle a minute, and a checkpoint behind trade 500.
struct Record {
  explicit Record(const std::string& name) : journal("candled_housekeeper_" + name) {
    for (int id = 1; id <= 600; ++id) {
      if (id % 60 == 0)
        journal.commit(journal.candle(MarketId{0}, id / 60 - 1, CandleState::traded, "100"),
                       journal.trade(MarketId{0}, id));
      if (id % 60 != 0) journal.commit(journal.trade(MarketId{0}, id));
      if (id == 500)
        journal.commit(Event::of(std::make_unique<Checkpoint>(Checkpoint{{{"candles/kraken:BTC/USD", "state"}}})));
    }
  }
  Timestamp minute(int number) const { return SmallJournal::start + Duration::minutes(number); }
  std::vector<store::IdRange> ranges() const {
    return Reader(journal.path(), SmallJournal::markets()).stored_ranges(MarketId{0});
  }

  SmallJournal journal;
};

}  // namespace

TEST_CASE("pruning takes the oldest trades in slices, notes it, and leaves what recovery replays") {
  Record record("prune");
  Retention keeper(record.journal.path(), SmallJournal::markets());
  const MarketId market{0};
  CHECK(*keeper.prune_trades(market, record.minute(2), 50) == 50);
  CHECK(record.ranges().front().first_id == 51);
  CHECK(*keeper.prune_trades(market, record.minute(2), 500) == 69);
  CHECK(record.ranges().front().first_id == 120);  // trade 119 is the last of the second minute
  CHECK(*keeper.prune_trades(market, record.minute(2), 500) == 0);
  const Reader reader(record.journal.path(), SmallJournal::markets());
  CHECK(*reader.bounds(market).trades_pruned_before == record.minute(2));
  // The checkpoint is behind trade 500: later ones would be replayed.
  while (*keeper.prune_trades(market, record.minute(100), 100) > 0) {
  }
  CHECK(record.ranges().front().first_id == 501);
  const auto quality = store::read_quality(record.journal.path(), SmallJournal::markets()[0], {});
  CHECK(quality->whole());  // what was deleted on purpose is not missing
  CHECK(*quality->trades_pruned_before == record.minute(100));
}

TEST_CASE("pruning stops in front of open sequence gaps, revisions that are due, and the newest candle") {
  Record record("limits");
  const MarketId market{0};
  Retention keeper(record.journal.path(), SmallJournal::markets());
  const auto before = [&] { return *keeper.prunable_before(market, Duration::minutes(1), record.minute(1'000)); };
  CHECK(before() == record.minute(8));  // the newest candle opens at 9, less the disorder of stamps
  Event late = record.journal.trade(market, 601);
  late.trade().late = true;
  late.trade().time = record.minute(6) + Duration::seconds(7);
  record.journal.commit(std::move(late));
  CHECK(before() == record.minute(6));
  record.journal.commit(Event::sequence_gap(market, {301, 305, record.minute(9), {}}));
  CHECK(before() == record.minute(4));  // trade 300 stands in front of it, in the sixth minute's first second
  record.journal.commit(Event::sequence_gap_filled(market, {301, 305, record.minute(9), {}}));
  CHECK(before() == record.minute(4));  // and its revision is due
  REQUIRE(record.journal.writer->revision_done(market));
  CHECK(before() == record.minute(8));
}

TEST_CASE(
    "what comes back behind the bound is seen, is needed by nothing, and goes again with the sequence gaps in it") {
  Record record("came_back");
  const MarketId market{0};
  Retention keeper(record.journal.path(), SmallJournal::markets());
  const auto checkpoint = [&] {
    record.journal.commit(Event::of(std::make_unique<Checkpoint>(Checkpoint{{{"candles/kraken:BTC/USD", "state"}}})));
  };
  checkpoint();
  while (*keeper.prune_trades(market, record.minute(6), 100) > 0) {
  }
  CHECK(record.ranges().front().first_id == 360);
  CHECK_FALSE(*keeper.has_trades_before(market, record.minute(6)));
  for (const int id : {100, 101, 200}) record.journal.commit(record.journal.trade(market, id));
  record.journal.commit(Event::sequence_gap(market, {102, 199, record.minute(9), {}}));
  record.journal.commit(Event::sequence_gap(market, {201, 359, record.minute(9), {}}));
  CHECK_FALSE(*keeper.has_trades_before(market, record.minute(6)));  // recovery would replay them
  checkpoint();
  CHECK(*keeper.has_trades_before(market, record.minute(6)));
  CHECK(*keeper.prunable_before(market, Duration::minutes(1), record.minute(1'000)) == record.minute(6));
  const auto before = store::read_quality(record.journal.path(), SmallJournal::markets()[0], {});
  CHECK(before->trades_older == 3);
  CHECK(before->trades.missing_ids == 0);  // they went on purpose
  CHECK(*keeper.prune_trades(market, record.minute(6), 100) == 3);
  CHECK(record.ranges().front().first_id == 360);
  const auto quality = store::read_quality(record.journal.path(), SmallJournal::markets()[0], {});
  CHECK(quality->trades_older == 0);
  CHECK(quality->open_sequence_gaps == 0);
  CHECK(quality->whole());
}

TEST_CASE("feature rows that came back are seen and counted") {
  Record record("rows_back");
  const MarketId market{0};
  Retention keeper(record.journal.path(), SmallJournal::markets());
  const std::vector<store::StoredFeatures> rows = {
      {record.minute(1), {1.0}}, {record.minute(2), {2.0}}, {record.minute(3), {3.0}}};
  REQUIRE(*record.journal.writer->replace_features(market, rows) == 3);
  REQUIRE(*keeper.prune_features(market, record.minute(3), 100) == 2);
  CHECK_FALSE(*keeper.has_features_before(market, record.minute(3)));
  REQUIRE(record.journal.writer->replace_features(market, std::span(rows).first(1)));
  CHECK(*keeper.has_features_before(market, record.minute(3)));
  CHECK(store::read_quality(record.journal.path(), SmallJournal::markets()[0], {})->features_older == 1);
}

TEST_CASE("compact gives room back, a moved file is noticed, the log is cut") {
  Record record("compact");
  const MarketId market{0};
  Retention keeper(record.journal.path(), SmallJournal::markets());
  while (*keeper.prune_trades(market, record.minute(8), 1'000) > 0) {
  }
  REQUIRE(keeper.empty_log());
  CHECK(keeper.log_bytes() == 0);
  const store::FileSizes before = keeper.sizes();
  CHECK(before.free_bytes > 0);
  CHECK_FALSE(keeper.compact([] { return false; }));
  CHECK(keeper.sizes().database_bytes == before.database_bytes);
  REQUIRE(keeper.compact([] { return true; }));
  CHECK(keeper.sizes().free_bytes == 0);
  CHECK(keeper.sizes().database_bytes < before.database_bytes);
  CHECK(record.ranges().size() == 1);
  CHECK_FALSE(keeper.has_moved());
  std::filesystem::rename(record.journal.path(), record.journal.folder / "elsewhere.sqlite");
  CHECK(keeper.has_moved());
  std::ofstream(record.journal.path()) << "another file";
  CHECK(keeper.has_moved());
}

TEST_CASE("a fill whose number is taken by another event's is stored all the same") {
  SmallJournal journal("candled_fill_numbers");
  journal.commit(journal.fill(StrategyId{0}, 1), journal.trade(MarketId{0}, 1));
  journal.commit(journal.fill(StrategyId{0}, 1), journal.trade(MarketId{0}, 2));
  Event again = journal.fill(StrategyId{0}, 1);
  again.sequence = 1;
  REQUIRE(journal.writer->write(std::span(&again, 1)));  // the same event once more changes nothing
  store::Retention keeper(journal.path(), SmallJournal::markets());
  sqlite3* file = nullptr;
  REQUIRE(sqlite3_open(journal.path().c_str(), &file) == SQLITE_OK);
  std::string numbers;
  sqlite3_exec(
      file, "SELECT group_concat(number || '/' || sequence) FROM fill",
      [](void* out, int, char** text, char**) { return *static_cast<std::string*>(out) = text[0], 0; }, &numbers,
      nullptr);
  sqlite3_close(file);
  CHECK(numbers == "1/1,2/2");
}

TEST_CASE("stamps that go back by days inside rising ids do not mislead lookups by time") {
  Record record("stamps");
  Event wrong = record.journal.trade(MarketId{0}, 601);
  wrong.trade().time = record.minute(0) - Duration::days(3);
  record.journal.commit(std::move(wrong));
  for (int id = 602; id <= 1'200; ++id) {
    Event trade = record.journal.trade(MarketId{0}, id);
    if (id % 100 == 1) trade.trade().time = record.minute(0) - Duration::days(id);
    record.journal.commit(std::move(trade));
  }
  const Reader reader(record.journal.path(), SmallJournal::markets());
  // Behind a long silence, the last trades before it are still found.
  Event last = record.journal.trade(MarketId{0}, 1'201);
  last.trade().time = record.minute(500);
  record.journal.commit(std::move(last));
  CHECK(reader.last_trade_before(MarketId{0}, record.minute(400))->id == 1'200);
  for (int minute = 0; minute <= 20; ++minute) {
    const auto trades = reader.trades_between(MarketId{0}, record.minute(minute), record.minute(minute + 1));
    std::size_t expected = 0;
    for (int id = 1; id <= 1'200; ++id)
      if (id / 60 == minute && (id <= 600 || id % 100 != 1)) ++expected;
    INFO("minute " << minute);
    CHECK(trades.size() == expected);  // the twentieth holds one trade, in front of the silence
  }
}

}  // namespace candled::tests
