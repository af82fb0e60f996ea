// Rows of sequence gaps that are filled part by part: what is missing and what has come, exactly, after every step and every death.
#include <sqlite3.h>

#include <algorithm>
#include <random>
#include <set>

#include "candled/store/reader.hpp"
#include "small_journal.hpp"

namespace candled::tests {
namespace {

struct GapRow {
  std::int64_t first = 0, last = 0;
  bool open = false;
  std::int64_t sequence = 0;
};

std::vector<GapRow> rows_of(const std::filesystem::path& path) {
  std::vector<GapRow> rows;
  sqlite3* file = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &file, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  sqlite3_stmt* s = nullptr;
  const char* sql = "SELECT first_missing_id, last_missing_id, filled IS NULL, sequence FROM hole ORDER BY 1";
  REQUIRE(sqlite3_prepare_v2(file, sql, -1, &s, nullptr) == SQLITE_OK);
  while (sqlite3_step(s) == SQLITE_ROW) {
    rows.push_back({sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int(s, 2) != 0,
                    sqlite3_column_int64(s, 3)});
  }
  sqlite3_finalize(s);
  sqlite3_close(file);
  return rows;
}

Event came(std::int64_t first, std::int64_t last) {
  const Timestamp time = SmallJournal::start + Duration::seconds(last);
  return Event::sequence_gap_filled(MarketId{0}, {first, last, time + Duration::hours(1), time});
}

void reopen(SmallJournal& journal) {
  journal.writer.reset();
  store::JournalSettings settings;
  settings.path = journal.path();
  settings.markets = SmallJournal::markets();
  settings.strategies = {{"calm", "balanced"}, {"wild", "dynamic"}};
  settings.features = {{"hash", {"a"}}, {"hash", {"a"}}};
  journal.writer = std::make_unique<store::JournalWriter>(settings);
}

std::vector<Event> trades_of(const SmallJournal& journal, std::int64_t first, std::int64_t last) {
  std::vector<Event> events;
  for (std::int64_t id = first; id <= last; ++id) {
    events.push_back(journal.trade(MarketId{0}, id));
    events.back().trade().late = true;
  }
  return events;
}

}  // namespace

TEST_CASE("a gap that is filled from its start keeps two rows, and one in the end") {
  SmallJournal journal("candled_gap_rows");
  journal.commit(journal.trade(MarketId{0}, 10));
  journal.commit(Event::sequence_gap(MarketId{0}, {11, 40, SmallJournal::start, SmallJournal::start}));
  journal.commit(journal.trade(MarketId{0}, 41));
  const store::Reader reader(journal.path(), SmallJournal::markets());
  const auto open = [&] { return reader.cursor(MarketId{0}).open_sequence_gaps; };
  REQUIRE(journal.writer->revision_done(MarketId{0}).has_value());
  for (const std::int64_t last : {20, 30}) {
    journal.commit(trades_of(journal, last - 9, last));
    journal.commit(came(last - 9, last));
    const std::vector<GapRow> rows = rows_of(journal.path());
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].first == 11);
    CHECK(rows[0].last == last);
    CHECK_FALSE(rows[0].open);
    CHECK(rows[0].sequence == 2);  // of the event, which a replay reads
    REQUIRE(open().size() == 1);
    CHECK(open()[0].first_missing_id == last + 1);
    CHECK(open()[0].last_missing_id == 40);
    CHECK(open()[0].proven_until == SmallJournal::start + Duration::seconds(last));  // where a restart looks for it
    CHECK(open()[0].detected == SmallJournal::start);
  }
  journal.commit(trades_of(journal, 31, 40));
  journal.commit(came(31, 40));
  const std::vector<GapRow> rows = rows_of(journal.path());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].first == 11);
  CHECK(rows[0].last == 40);
  CHECK_FALSE(rows[0].open);
  CHECK(rows[0].sequence == 2);
  const auto due = reader.revision_due(MarketId{0});
  REQUIRE(due.has_value());  // from the trade in front of the gap to the one behind it
  CHECK(due->from == reader.trade(MarketId{0}, 10)->time);
  CHECK(due->to == reader.trade(MarketId{0}, 41)->time + Duration{1});
}

TEST_CASE("gaps filled in any parts and order, with deaths between trades and the word of them, are exact") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 dice(seed);
    const auto throw_one = [&dice](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(dice);
    };
    SmallJournal journal("candled_gap_rows");
    journal.commit(journal.trade(MarketId{0}, 10));
    std::vector<std::pair<std::int64_t, std::int64_t>> gaps, parts;
    std::int64_t next = 11;
    for (std::int64_t i = throw_one(1, 3); i > 0; --i) {
      const std::int64_t first = next, last = first + throw_one(0, 30);
      gaps.emplace_back(first, last);
      journal.commit(Event::sequence_gap(
          MarketId{0}, {first, last, SmallJournal::start + Duration::seconds(last + 5), SmallJournal::start}));
      journal.commit(journal.trade(MarketId{0}, last + 1));
      next = last + 2;
      for (std::int64_t from = first; from <= last;) {
        const std::int64_t to = std::min(last, from + throw_one(0, 9));
        parts.emplace_back(from, to);
        from = to + 1;
      }
    }
    if (throw_one(0, 2) > 0) std::ranges::shuffle(parts, dice);
    const std::vector<GapRow> recorded = rows_of(journal.path());
    std::set<std::int64_t> stored;
    for (const auto& [first, last] : parts) {
      journal.commit(trades_of(journal, first, last));
      for (std::int64_t id = first; id <= last; ++id) stored.insert(id);
      if (throw_one(0, 4) > 0) journal.commit(came(first, last));
      if (throw_one(0, 9) == 0) journal.commit(came(first, last));  // said twice
      reopen(journal);
      const std::vector<GapRow> rows = rows_of(journal.path());
      std::int64_t wrong = 0;
      std::set<std::int64_t> told;
      for (const GapRow& row : rows) {
        for (std::int64_t id = row.first; id <= row.last; ++id) {
          wrong += told.insert(id).second && row.open != stored.contains(id) ? 0 : 1;
        }
      }
      for (const auto& [from, to] : gaps) {
        for (std::int64_t id = from; id <= to; ++id) wrong += told.contains(id) ? 0 : 1;
      }
      for (const GapRow& row : recorded) {  // the events of the record are there for a replay
        wrong += std::ranges::any_of(
                     rows, [&](const GapRow& now) { return now.first == row.first && now.sequence == row.sequence; })
                     ? 0
                     : 1;
      }
      CHECK(wrong == 0);
    }
    const std::vector<GapRow> rows = rows_of(journal.path());
    REQUIRE(rows.size() == gaps.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CHECK(rows[i].first == gaps[i].first);
      CHECK(rows[i].last == gaps[i].second);
      CHECK_FALSE(rows[i].open);
    }
  }
}

}  // namespace candled::tests
