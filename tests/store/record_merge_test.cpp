// The merge of recorded head events against SQLite's own sort, on records that are as disordered as they can be.
#include "store/record_merge.hpp"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "candled/domain/made_id.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/record_stream.hpp"
#include "candled/store/recording.hpp"
#include "store/names.hpp"
#include "store/reading.hpp"
#include "store/sqlite.hpp"

using namespace candled;
using namespace candled::store;

namespace {

MarketTable three_markets() {
  MarketTable markets;
  for (const char* symbol : {"BTC/USD", "ETH/USD", "SOL/USD"}) {
    markets.push_back({static_cast<MarketId>(markets.size()), "kraken", symbol, Duration::minutes(1)});
  }
  return markets;
}

// A file whose rows are written as a test wants them; the sequence counts on by itself.
class Record {
 public:
  explicit Record(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() / fmt::format("candled_record_{}_{}", name, ::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    JournalWriter create({path(), three_markets(), {}, {{"a", {"a"}}, {"a", {"a"}}, {"a", {"a"}}}});
  }
  ~Record() { std::filesystem::remove_all(folder_); }
  std::filesystem::path path() const { return folder_ / "record.sqlite"; }
  void open() {
    connection_.emplace(path(), Access::read_write);
    connection_->execute("BEGIN");
  }
  void close() {
    connection_->execute(fmt::format("UPDATE stream SET last_sequence = {}", sequence).c_str());
    connection_->execute("COMMIT");
    connection_.reset();
  }

  void trade(std::int64_t market, std::int64_t id) { trade(market, id, ++sequence); }
  void trade(std::int64_t market, std::int64_t id, std::int64_t number) {
    run(fmt::format("INSERT OR IGNORE INTO trade VALUES ({},{},{},{},{},{},0,0,0,0,{})", market + 1, id, id * 1000,
                    number, 100 + number % 97, 7 + id % 7, number));
  }
  void watermark(std::int64_t market) {
    run(fmt::format("INSERT INTO tick VALUES ({0},{1},{0},{0})", ++sequence, market + 1));
  }
  void sequence_gap(std::int64_t market, std::int64_t first, std::int64_t last) {
    run(fmt::format("INSERT OR IGNORE INTO hole VALUES ({},{},{},1,1,NULL,{})", market + 1, first, last, ++sequence));
  }
  void book(std::int64_t market, std::int64_t open_time) {
    run(fmt::format("INSERT OR IGNORE INTO book_fact VALUES ({},{},1,1,0,1,1,2,1,0.5,0,0,0,0,0,0,0,0,0,x'',{})",
                    market + 1, open_time, ++sequence));
  }
  void pause() { run(fmt::format("INSERT INTO pause VALUES ({},1,5)", ++sequence)); }
  void model_swap() { run(fmt::format("INSERT INTO takeover VALUES ({0},'model_{0}')", ++sequence)); }

  std::int64_t sequence = 0;

 private:
  void run(const std::string& sql) { connection_->execute(sql.c_str()); }
  const std::filesystem::path folder_;
  std::optional<Connection> connection_;
};

// Everything that makes the order of ids another than that of the numbers.
void make_nasty(Record& record, std::uint64_t seed, int steps) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) { return static_cast<std::int64_t>(random() % bound); };
  std::vector<std::int64_t> next(3, 1'000'000), first(3, 1'000'000), made(3, -1'000'000);
  struct Gap {
    std::int64_t market, first, last;
  };
  std::vector<Gap> gaps;
  record.open();
  for (int step = 0; step < steps; ++step) {
    const std::int64_t market = below(3);
    const auto at = static_cast<std::size_t>(market);
    switch (below(14)) {
      case 0:
      case 1:
      case 2:
      case 3:  // live
        for (std::int64_t i = below(40); i >= 0; --i) record.trade(market, next[at]++);
        break;
      case 4: {  // a gap, to be filled later or never
        const std::int64_t missing = 1 + below(30);
        record.sequence_gap(market, next[at], next[at] + missing - 1);
        gaps.push_back({market, next[at], next[at] + missing - 1});
        next[at] += missing;
        break;
      }
      case 5:
      case 6: {  // a late fill among other markets' trades
        if (gaps.empty()) break;
        const auto chosen = gaps.begin() + below(gaps.size());
        for (std::int64_t id = chosen->first; id <= chosen->last; ++id) {
          record.trade(chosen->market, id);
          const std::int64_t other = (chosen->market + 1) % 3;
          if (below(3) == 0) record.trade(other, next[static_cast<std::size_t>(other)]++);
          if (below(5) == 0) record.trade(chosen->market, next[static_cast<std::size_t>(chosen->market)]++);
        }
        gaps.erase(chosen);
        break;
      }
      case 7:  // a history before the first trade, in order or page by page backwards
        for (std::int64_t page = below(4); page >= 0; --page) {
          const std::int64_t rows = 1 + below(25);
          first[at] -= rows;
          for (std::int64_t id = 0; id < rows; ++id) record.trade(market, first[at] + id);
        }
        break;
      case 8: {  // a file without ids
        const std::int64_t rows = below(30);
        for (std::int64_t i = 0; i < rows; ++i) record.trade(market, made[at] + i);
        made[at] += below(2) == 0 ? rows : -40;
        break;
      }
      case 9:  // rows that no head event brought
        for (std::int64_t i = below(10); i >= 0; --i) record.trade(market, next[at]++, 0);
        break;
      case 10: {  // no order at all
        std::vector<std::int64_t> ids(static_cast<std::size_t>(1 + below(30)));
        std::iota(ids.begin(), ids.end(), next[at]);
        next[at] += std::ssize(ids);
        std::ranges::shuffle(ids, random);
        for (const std::int64_t id : ids) record.trade(market, id);
        break;
      }
      case 11: record.watermark(market); break;
      case 12: record.book(market, below(2) == 0 ? 10'000 + step : 5'000 - step); break;
      default:
        if (below(3) == 0) record.pause();
        if (below(3) == 0) record.model_swap();
        record.sequence += below(20);  // events that are not stored
    }
  }
  record.close();
}

std::string line_of(const RecordedEvent& recorded) {
  const Event& event = recorded.event;
  const auto market = recorded.model.empty() ? static_cast<std::int64_t>(index_of(event.market())) : 0;
  if (!recorded.model.empty()) return fmt::format("{} takeover {}", event.sequence, recorded.model);
  switch (event.kind()) {
    case EventKind::trade:
      return fmt::format("{} trade {} {} {} {} {}", event.sequence, market, event.trade().id, event.trade().time.ns,
                         event.trade().price.bits(), event.trade().quantity.bits());
    case EventKind::book: return fmt::format("{} book {} {}", event.sequence, market, event.book().open_time.ns);
    case EventKind::watermark: return fmt::format("{} tick {} {}", event.sequence, market, event.watermark().time.ns);
    case EventKind::sequence_gap:
      return fmt::format("{} hole {} {} {}", event.sequence, market, event.sequence_gap().first_missing_id,
                         event.sequence_gap().last_missing_id);
    case EventKind::pause: return fmt::format("{} pause {}", event.sequence, event.pause().asked.ns);
    default: return "another kind";
  }
}

// Behind a last trade with an id, those without come from three candles in front of its time on.
std::int64_t made_before(const std::filesystem::path& path, std::int64_t market, std::int64_t last_trade_id) {
  Connection connection(path, Access::read_only);
  Statement row(connection,
                "SELECT t.time - 3 * m.interval_ns FROM trade t, market m WHERE m.id = ?1 AND t.market = ?1 "
                "AND t.trade_id = ?2");
  row.bind(market, last_trade_id);
  std::int64_t made = INT64_MIN + 1;
  while (row.next()) made = std::min<std::int64_t>(-1, made_id_from({row.integer(0)}));
  return made;
}

// What SQLite itself makes of the same question.
std::vector<std::string> sorted_by_sqlite(const std::filesystem::path& path, const RecordPlace& after) {
  std::string all =
      "SELECT sequence, sequence || ' pause ' || asked FROM pause UNION ALL SELECT sequence, sequence || ' takeover ' "
      "|| model FROM takeover "
      "UNION ALL SELECT sequence, sequence || ' tick ' || (market - 1) || ' ' || time FROM tick "
      "UNION ALL SELECT sequence, sequence || ' hole ' || (market - 1) || ' ' || first_missing_id || ' ' || "
      "last_missing_id FROM hole "
      "UNION ALL SELECT sequence, sequence || ' book ' || (market - 1) || ' ' || open_time FROM book_fact";
  for (std::size_t i = 0; i < 3; ++i) {
    const std::int64_t last = i < after.last_trade_ids.size() ? after.last_trade_ids[i] : INT64_MIN;
    all += fmt::format(
        " UNION ALL SELECT sequence, sequence || ' trade {0} ' || trade_id || ' ' || time || ' ' || price || ' ' || "
        "quantity FROM trade "
        "WHERE market = {1} AND (trade_id > {2} OR trade_id < 0 AND {2} >= 0 AND trade_id > {3})",
        i, i + 1, last == INT64_MIN ? "-9223372036854775807" : std::to_string(last),
        made_before(path, static_cast<std::int64_t>(i + 1), last));
  }
  Connection connection(path, Access::read_only);
  Statement rows(connection, fmt::format("SELECT * FROM ({}) WHERE sequence > {} ORDER BY 1", all, after.sequence));
  std::vector<std::string> lines;
  while (rows.next()) lines.emplace_back(rows.text(1));
  return lines;
}

struct Merged {
  std::vector<std::string> lines;
  std::size_t rows_held_max = 0;
  std::int64_t rows_looked_at = 0;
};

Merged merged(const std::filesystem::path& path, const RecordPlace& after, MergeLimits limits) {
  const Connection snapshot = open_snapshot(path);
  Connection names = open_for_reading(path);
  Merged result;
  RecordMerge merge(
      snapshot, find_markets(names, three_markets()), after,
      [&](std::int64_t rows) { return result.rows_looked_at = rows, true; }, limits);
  while (const std::optional<RecordedEvent> event = merge.next()) result.lines.push_back(line_of(*event));
  result.rows_held_max = merge.rows_held_max();
  return result;
}

}  // namespace

TEST_CASE("recorded events come in the order of their numbers, whatever the ids say") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Record record("nasty");
    make_nasty(record, seed, 150);
    const std::int64_t middle = record.sequence / 2;
    for (const RecordPlace& after :
         {RecordPlace{}, RecordPlace{middle, {}}, RecordPlace{middle / 2, {1'000'100, -5, INT64_MAX}}}) {
      const std::vector<std::string> expected = sorted_by_sqlite(record.path(), after);
      REQUIRE(expected.size() > 200);
      // Few runs and few pages at a time: the record is passed over many times, and pages are read again.
      for (const MergeLimits limits :
           {MergeLimits{}, MergeLimits{3, 2, 0}, MergeLimits{1, 1, 0}, MergeLimits{40, 100, 1}}) {
        INFO("seed " << seed << ", runs at most " << limits.runs_max);
        const Merged got = merged(record.path(), after, limits);
        CHECK(got.lines == expected);
      }
    }
    RecordStream stream(record.path(), three_markets(), {});
    RecordStream recording = Recording(record.path()).events();
    for (const std::string& line : sorted_by_sqlite(record.path(), {})) {
      REQUIRE(line_of(stream.next().value()) == line);
      REQUIRE(line_of(recording.next().value()) == line);
    }
    CHECK_FALSE(stream.next());
    CHECK_FALSE(recording.next());
  }
}

TEST_CASE("events of markets that are not asked for are left out") {
  Record record("one_market");
  make_nasty(record, 99, 200);
  RecordStream stream(record.path(), {three_markets()[1]}, {});
  std::vector<std::string> expected = sorted_by_sqlite(record.path(), {});
  const auto is_of = [](const std::string& line, const char* market) {
    return line.find(" pause ") != std::string::npos || line.find(" takeover ") != std::string::npos ||
           std::ranges::any_of(
               std::vector<std::string>{" trade ", " tick ", " hole ", " book "},
               [&](const std::string& kind) { return line.find(kind + market + " ") != std::string::npos; });
  };
  std::erase_if(expected, [&](const std::string& line) { return !is_of(line, "1"); });
  REQUIRE(expected.size() > 100);
  for (const std::string& line : expected) {
    const RecordedEvent event = stream.next().value();
    CHECK(event.event.sequence == std::stoll(line));
  }
  CHECK_FALSE(stream.next());
}

TEST_CASE("memory does not grow with the record, nor with the disorder in it") {
  const MergeLimits limits{.runs_max = 64, .rows_per_page = 32, .spare_pages = 4};
  const std::size_t bound = limits.runs_max + 3 + (3 * 3 + 3 + limits.spare_pages) * limits.rows_per_page;
  std::vector<std::size_t> in_order;
  for (const std::int64_t rows : {2'000, 40'000}) {
    Record record("growth");
    record.open();
    for (std::int64_t i = 0; i < rows; ++i) record.trade(i % 3, i);
    record.close();
    in_order.push_back(merged(record.path(), {}, limits).rows_held_max);
  }
  CHECK(in_order[0] == in_order[1]);
  CHECK(in_order[0] <= bound);
  // Every row a run of its own, and all runs of two rows at the same time.
  Record backwards("backwards"), woven("woven");
  backwards.open();
  for (std::int64_t i = 0; i < 5'000; ++i) backwards.trade(0, 5'000 - i);
  backwards.close();
  woven.open();
  for (std::int64_t i = 0; i < 2'500; ++i) woven.trade(0, 2 * (2'500 - i));
  for (std::int64_t i = 0; i < 2'500; ++i) woven.trade(0, 2 * (2'500 - i) + 1);
  woven.close();
  for (const Record* record : {&backwards, &woven}) {
    const Merged got = merged(record->path(), {}, limits);
    CHECK(got.lines == sorted_by_sqlite(record->path(), {}));
    CHECK(got.rows_held_max <= bound);
    CHECK(got.rows_looked_at > 5'000);  // several passes were the price
  }
}

TEST_CASE("a stream can be ended while it looks for the order") {
  Record record("ended");
  record.open();
  for (std::int64_t i = 0; i < 40'000; ++i) record.trade(0, i);
  record.close();
  std::int64_t asked = 0;
  RecordStream stream(record.path(), three_markets(), {}, [&](std::int64_t) { return ++asked < 2; });
  CHECK_FALSE(stream.next());
  CHECK_FALSE(stream.next());
  CHECK(asked == 2);
}
