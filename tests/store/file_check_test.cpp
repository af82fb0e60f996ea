// Damage to the file, of every kind that SQLite's structure shows: each is found, or changes no row.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "candled/store/file_check.hpp"
#include "small_journal.hpp"
#include "store/sqlite.hpp"

namespace candled::tests {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t page_bytes = 4096;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All rows of all tables; what cannot be read is a difference.
std::string rows_of(const fs::path& path) {
  std::string rows;
  try {
    store::Connection file(path, store::Access::read_only);
    std::vector<std::string> tables;
    store::Statement names(file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    while (names.next()) tables.emplace_back(names.text(0));
    for (const std::string& table : tables) {
      store::Statement all(file, "SELECT * FROM " + table);
      int columns = 0;
      store::Statement count(file, "SELECT count(*) FROM pragma_table_info(?)");
      count.bind(table);
      while (count.next()) columns = static_cast<int>(count.integer(0));
      while (all.next()) {
        for (int i = 0; i < columns; ++i) rows.append(all.blob(i)).append("|");
      }
    }
  } catch (const store::SqliteError& error) {
    rows += error.what();
  }
  return rows;
}

bool is_found(const fs::path& path) {
  return !store::check_file(path, [](double) { return true; }).faults.empty();
}

enum class Damage : std::uint8_t {
  cut,
  longer,
  page_noise,
  page_zero,
  page_of_another,
  header,
  page_header,
  emptied,
  count
};

bool is_tree_page(const std::string& file, std::size_t page) {
  const char kind = file[page * page_bytes + (page == 0 ? 100 : 0)];
  return kind == 2 || kind == 5 || kind == 10 || kind == 13;
}

// Tables of one page look like each other to SQLite.
std::set<std::size_t> root_pages(const fs::path& path) {
  std::set<std::size_t> roots;
  store::Connection file(path, store::Access::read_only);
  store::Statement rows(file, "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0");
  while (rows.next()) roots.insert(static_cast<std::size_t>(rows.integer(0)) - 1);
  return roots;
}

std::string damaged(std::string file, const std::set<std::size_t>& roots, Damage damage, std::mt19937_64& random) {
  const std::size_t pages = file.size() / page_bytes;
  const auto noise = [&](std::size_t at, std::size_t count) {
    for (std::size_t i = at; i < at + count; ++i) file[i] = static_cast<char>(random());
  };
  const auto tree_page = [&] {
    std::size_t page = random() % pages;
    while (roots.contains(page) || !is_tree_page(file, page)) page = random() % pages;
    return page;
  };
  switch (damage) {
    case Damage::cut: file.resize(random() % file.size()); break;
    case Damage::longer: file.append(1 + random() % 20'000, static_cast<char>(random())); break;
    case Damage::page_noise: noise(random() % pages * page_bytes, page_bytes); break;
    case Damage::page_zero: file.replace(random() % pages * page_bytes, page_bytes, page_bytes, '\0'); break;
    case Damage::page_of_another: {
      const std::size_t from = tree_page(), to = tree_page();
      file.replace(to * page_bytes, page_bytes, file.substr(from * page_bytes, page_bytes));
      break;
    }
    case Damage::header: noise(random() % 84, 16); break;
    case Damage::page_header: noise(tree_page() * page_bytes, 12); break;
    case Damage::emptied: file.clear(); break;
    case Damage::count: break;
  }
  return file;
}

}  // namespace

TEST_CASE("each of 240 random damages is found by the check, or changes no row") {
  SmallJournal journal("candled_damage");
  std::int64_t id = 0;
  for (int minute = 0; minute < 60; ++minute) {
    std::vector<Event> events;
    events.push_back(journal.candle(MarketId{0}, minute, CandleState::traded, "100.5"));
    for (int i = 0; i < 60; ++i) events.push_back(journal.trade(MarketId{0}, ++id));
    journal.commit(std::move(events));
  }
  journal.commit(journal.fill(StrategyId{0}, 1), journal.trade(MarketId{0}, ++id));
  journal.writer.reset();
  const std::string whole = text_of(journal.path()), rows = rows_of(journal.path());
  const std::set<std::size_t> roots = root_pages(journal.path());
  CHECK_FALSE(is_found(journal.path()));
  int found = 0, harmless = 0;
  for (unsigned seed = 0; seed < 240; ++seed) {
    const auto damage = static_cast<Damage>(seed % static_cast<unsigned>(Damage::count));
    INFO("seed " << seed << ", damage " << static_cast<int>(damage));
    std::mt19937_64 random(seed);
    const fs::path path = journal.folder / "damaged.sqlite";
    std::ofstream(path, std::ios::binary) << damaged(whole, roots, damage, random);
    const bool was_found = is_found(path);
    const bool is_harmless = rows_of(path) == rows;
    CHECK((was_found || is_harmless));
    found += was_found ? 1 : 0;
    harmless += is_harmless ? 1 : 0;
  }
  CHECK(found > 150);
}

TEST_CASE("the check tells how far it is, can be ended, and leaves the file to a writer meanwhile") {
  SmallJournal journal("candled_check_progress");
  std::int64_t id = 0;
  for (int slice = 0; slice < 20; ++slice) {
    std::vector<Event> events;
    for (int i = 0; i < 2000; ++i) events.push_back(journal.trade(MarketId{0}, ++id));
    journal.commit(std::move(events));
  }
  double last = 0;
  int told = 0;
  const store::FileCheck whole = store::check_file(journal.path(), [&](double part) {
    if (++told == 1) journal.commit(journal.trade(MarketId{0}, ++id));
    CHECK(part >= last);
    last = part;
    return true;
  });
  CHECK(whole.finished);
  CHECK(whole.faults.empty());
  CHECK(told > 3);
  CHECK(last > 0.3);
  CHECK(last <= 1);
  const store::FileCheck ended = store::check_file(journal.path(), [](double) { return false; });
  CHECK_FALSE(ended.finished);
  CHECK(ended.faults.empty());
  CHECK(store::check_file(journal.folder / "none.sqlite", [](double) { return true; }).faults.size() == 1);
}

TEST_CASE("a log that stands beside the file tells that its writer did not end by itself") {
  SmallJournal journal("candled_left_behind");
  journal.fill_up();
  CHECK(store::log_left_behind(journal.path()));
  journal.writer.reset();
  CHECK_FALSE(store::log_left_behind(journal.path()));
}

}  // namespace candled::tests
