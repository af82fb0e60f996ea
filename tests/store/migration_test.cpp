// Files of every version of the schema that there ever was: each becomes what a new file is, with its rows.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/table_migration.hpp"
#include "store/migrate.hpp"
#include "store/rewrite.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

using namespace candled;
using namespace candled::store;

namespace {

const MarketTable markets = {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)},
                             {MarketId{1}, "kraken", "ETH/USD", Duration::minutes(1)}};

// Removed with the object.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("candled_migration_" + name + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> recorded_schemas() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(CANDLED_SOURCE_DIR "/tests/store/schemas"))
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::filesystem::path make_old_file(const Folder& folder, const std::filesystem::path& schema) {
  const std::filesystem::path path = folder / (schema.stem().string() + ".sqlite");
  Connection(path, Access::read_write).execute(text_of(schema).c_str());
  return path;
}

JournalSettings settings_for(const std::filesystem::path& path) {
  return {path, markets, {{"calm", "balanced"}}, {{"abc", {"a", "b"}}, {"abc", {"a", "b"}}}};
}

// Its rows, "a|b|".
std::vector<std::string> lines(const Connection& connection, const std::string& sql) {
  std::vector<std::string> lines;
  const auto add = [](void* to, int width, char** values, char**) {
    std::string& line = static_cast<std::vector<std::string>*>(to)->emplace_back();
    for (int i = 0; i < width; ++i) line.append(values[i] == nullptr ? "NULL" : values[i]).append("|");
    return 0;
  };
  REQUIRE(sqlite3_exec(connection.handle(), sql.c_str(), add, &lines, nullptr) == SQLITE_OK);
  return lines;
}

// What SQLite keeps of the schema, without the spaces that ALTER TABLE puts elsewhere.
std::vector<std::string> schema_of(const std::filesystem::path& path) {
  Connection connection(path, Access::read_only);
  std::vector<std::string> schema =
      lines(connection, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name");
  for (std::string& line : schema) {
    line = std::regex_replace(std::regex_replace(line, std::regex("\\s+"), " "), std::regex(" ?([(),]) ?"), "$1");
  }
  return schema;
}

// What stands in one of them only.
std::string difference(const std::vector<std::string>& found, const std::vector<std::string>& wanted) {
  std::string text;
  for (const std::string& line : found)
    text += std::ranges::find(wanted, line) == wanted.end() ? "found  " + line + "\n" : "";
  for (const std::string& line : wanted)
    text += std::ranges::find(found, line) == found.end() ? "wanted " + line + "\n" : "";
  return text;
}

std::vector<std::string> names(Connection& connection, const std::string& sql) {
  std::vector<std::string> names;
  Statement rows(connection, sql);
  while (rows.next()) names.emplace_back(rows.text(0));
  return names;
}

// Every row of every table, as "table: column=value ...", of the columns that are there in both files.
std::multiset<std::string> rows_of(const std::filesystem::path& path, const std::filesystem::path& other) {
  Connection connection(path, Access::read_only), pattern(other, Access::read_only);
  std::multiset<std::string> rows;
  for (const std::string& table :
       names(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")) {
    std::string columns;
    const std::vector<std::string> there = names(pattern, "SELECT name FROM pragma_table_info('" + table + "')");
    for (const std::string& column : names(connection, "SELECT name FROM pragma_table_info('" + table + "')")) {
      if (std::ranges::find(there, column) != there.end())
        columns += (columns.empty() ? "quote(" : ", quote(") + column + ")";
    }
    if (columns.empty()) continue;
    for (const std::string& line : lines(connection, "SELECT " + columns + " FROM " + table))
      rows.insert(table + ": " + line);
  }
  return rows;
}

void bring_up_to_date(const std::filesystem::path& path) {
  JournalWriter writer(settings_for(path));
  TableMigration tables(path);
  while (tables.step(3).value().more) {
  }
}

}  // namespace

TEST_CASE("a file of every version becomes what a new file is, and keeps its rows") {
  const Folder folder("all");
  const std::filesystem::path fresh = folder / "fresh.sqlite";
  {
    JournalWriter writer(settings_for(fresh));
  }
  const std::vector<std::string> wanted = schema_of(fresh);
  REQUIRE(recorded_schemas().size() >= 17);
  for (const std::filesystem::path& schema : recorded_schemas()) {
    INFO(schema.stem().string());
    const std::filesystem::path path = make_old_file(folder, schema);
    const std::filesystem::path before = folder / (schema.stem().string() + ".before.sqlite");
    std::filesystem::copy_file(path, before);
    bring_up_to_date(path);
    {
      JournalWriter once_more(settings_for(path));
    }  // drops what the rewrites left
    CHECK(difference(schema_of(path), wanted) == "");

    std::multiset<std::string> lost = rows_of(before, path);
    for (const std::string& row : rows_of(path, before)) {
      if (const auto found = lost.find(row); found != lost.end()) lost.erase(found);
    }
    // The states of version 1 are rebuilt from the record; they are no part of it.
    if (schema.stem().string().ends_with("version_1")) {
      std::erase_if(
          lost, [](const std::string& row) { return row.starts_with("checkpoint: ") || row.starts_with("stream: "); });
    }
    CHECK(lost == std::multiset<std::string>{});
    CHECK(Reader(path, markets).candles(MarketId{0}, {}, {INT64_MAX}).size() == 4);
  }
}

TEST_CASE("a file says its champions though it had no table of them") {
  const Folder folder("champions");
  const std::filesystem::path path = make_old_file(folder, recorded_schemas().front());
  bring_up_to_date(path);
  Connection connection(path, Access::read_only);
  CHECK(lines(connection, "SELECT model, why FROM promotions") ==
        std::vector<std::string>{"20250219_000000|by an older candled|", "20250219_010000|by an older candled|"});
}

TEST_CASE("an older file is read as it is where nothing is missing in it, and else told what to do") {
  const Folder folder("reading");
  const std::vector<std::filesystem::path> schemas = recorded_schemas();
  const std::filesystem::path first = make_old_file(folder, schemas.front()), last = make_old_file(folder, schemas[15]);
  for (const auto& path : {first, last}) ::chmod(path.c_str(), 0444);
  const std::string before = text_of(last);
  CHECK(Reader(last, markets).candles(MarketId{0}, {}, {INT64_MAX}).size() == 4);
  CHECK(text_of(last) == before);
  CHECK_THROWS_WITH(Reader(first, markets), Catch::Contains(first.string()) &&
                                                Catch::Contains("older candled (schema 1") &&
                                                Catch::Contains("start the daemon on it once"));
}

TEST_CASE("a step whose room is not there is not begun, and says so") {
  const Folder folder("room");
  const std::filesystem::path path = make_old_file(folder, recorded_schemas().front());
  const std::vector<std::string> before = schema_of(path);
  {
    Connection connection(path, Access::read_write);
    CHECK_THROWS_WITH(migrate(connection, migrations(), 400'000, nullptr),
                      Catch::Contains(path.string()) && Catch::Contains("schema 1 to 2") &&
                          Catch::Contains("takes 2 MB") && Catch::Contains("1 MB are free"));
    CHECK(connection.query_integer("PRAGMA user_version") == 1);
  }
  CHECK(schema_of(path) == before);
}

TEST_CASE("what a step costs is told before it begins") {
  const Folder folder("told");
  const std::filesystem::path path = make_old_file(folder, recorded_schemas().front());
  flow::Log log({.file = (folder / "log").string()});
  migrate_database(path, log);
  const std::string told = text_of(folder / "log");
  CHECK_THAT(told, Catch::Contains("bringing the database up to date") && Catch::Contains("schema=2") &&
                       Catch::Contains("rows=8") && Catch::Contains("takes=\"about 1 s\"") &&
                       Catch::Contains("schema=3"));
}

TEST_CASE("views are rebuilt where their text differs, and only then") {
  const Folder folder("views");
  const std::filesystem::path path = folder / "file.sqlite";
  {
    JournalWriter writer(settings_for(path));
  }
  const std::vector<std::string> wanted = schema_of(path);
  const auto schema_version = [&] {
    return Connection(path, Access::read_only).query_integer("PRAGMA schema_version");
  };
  const std::int64_t version = schema_version();
  {
    JournalWriter writer(settings_for(path));
  }
  CHECK(schema_version() == version);
  Connection(path, Access::read_write)
      .execute(
          "DROP VIEW fills; CREATE VIEW fills AS SELECT 'an older text' AS reason; DROP VIEW gaps; CREATE VIEW mine AS "
          "SELECT close FROM candle");
  {
    JournalWriter writer(settings_for(path));
  }
  CHECK(schema_version() > version);
  Connection(path, Access::read_write).execute("DROP VIEW mine");  // which nobody touched
  CHECK(schema_of(path) == wanted);
}

// ---- rewriting a big table, slice by slice, with a kill -9 in between

namespace {

constexpr int candles_of_each = 4'000;
constexpr std::int64_t minute = 60'000'000'000;

// Sums of 128 bits, as texts that sort like numbers, and a column that is new.
constexpr std::string_view wide_candle = R"sql(
CREATE TABLE candle (market INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL,
  low INTEGER NOT NULL, close INTEGER NOT NULL, volume TEXT NOT NULL, decimals INTEGER NOT NULL, buy_volume INTEGER, trades INTEGER,
  state INTEGER NOT NULL, revision INTEGER NOT NULL, buy_trades INTEGER, up_ticks INTEGER, down_ticks INTEGER, largest INTEGER,
  turnover INTEGER, longest_pause INTEGER, closed INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (market, open_time)) WITHOUT ROWID;
)sql";

std::vector<Migration> with_wide_sums() {
  std::vector<Migration> steps = migrations();
  steps.push_back({steps.back().version + 1,
                   "sums have 128 bits",
                   [](Connection&) { return false; },
                   [](Connection& connection) {
                     connection.execute("ALTER TABLE market ADD COLUMN decimals INTEGER NOT NULL DEFAULT 8");
                   },
                   {{"candle",
                     wide_candle,
                     {{"volume", "printf('%032x', old.volume)"},
                      {"decimals", "(SELECT decimals FROM market WHERE id = old.market)"}},
                     "SELECT count(*) FROM {0}",
                     20}}});
  return steps;
}

std::int64_t below(std::mt19937& random, std::int64_t end) {
  return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(end));
}

void fill(const std::filesystem::path& path) {
  {
    JournalWriter writer(settings_for(path));
  }
  Connection connection(path, Access::read_write);
  connection.execute(
      "CREATE TABLE touched (market INTEGER, open_time INTEGER, PRIMARY KEY (market, open_time)); BEGIN");
  Statement insert(connection,
                   "INSERT INTO candle VALUES (?1, ?2, 1, 2, 1, ?3, ?4, NULL, 5, 0, 0, 1, 1, 0, 7, 8, 9, 10, 0)");
  for (std::int64_t market = 1; market <= 2; ++market) {
    for (std::int64_t i = 0; i < candles_of_each; ++i) insert.bind(market, i * minute, 1'000 + i, i * 1'000'003).run();
  }
  connection.execute("COMMIT");
}

// Goes on with the rewrite until it is through or killed, and changes candles of both parts meanwhile.
void work(const std::filesystem::path& path, std::uint32_t seed) {
  std::mt19937 random(seed);
  Connection connection(path, Access::read_write);
  const std::vector<Migration> steps = with_wide_sums();
  migrate(connection, steps, INT64_MAX, nullptr);
  see_whole_tables(connection);
  std::vector<Rewrite> rewrites = rewrites_under_way(connection, steps);
  Statement upsert(connection,
                   "INSERT INTO main.candle (market, open_time, open, high, low, close, volume, decimals, state, "
                   "revision, closed, sequence) "
                   "VALUES (?1, ?2, 0, 0, 0, 0, '', 0, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET close = close + 1, "
                   "revision = revision + 1");
  Statement touched(connection, "INSERT OR IGNORE INTO touched VALUES (?, ?)");
  Statement close(connection, "SELECT close FROM candle WHERE market = ? AND open_time = ?");
  while (!rewrites.empty() && rewrites.back().step(20 + below(random, 100)) > 0) {
    const std::int64_t market = 1 + below(random, 2), time = below(random, candles_of_each) * minute;
    Transaction transaction(connection);
    touched.bind(market, time).run();
    if (sqlite3_changes(connection.handle()) == 0) continue;
    close.bind(market, time);
    std::int64_t before = -1;
    while (close.next()) before = close.integer(0);
    if (before != 1'000 + time / minute) _exit(1);  // a row that is not moved yet is seen all the same
    upsert.bind(market, time).run();
    transaction.commit();
  }
}

}  // namespace

TEST_CASE("a rewrite that is killed again and again goes on, and gives what one in one go gives") {
  const Folder folder("killed");
  const std::filesystem::path path = folder / "file.sqlite", straight = folder / "straight.sqlite";
  fill(path);
  std::filesystem::copy_file(path, straight);
  std::mt19937 random(20'251'129);
  int kills = 0;
  for (bool through = false; !through;) {
    REQUIRE(kills < 2'000);
    const auto seed = static_cast<std::uint32_t>(random());
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      work(path, seed);
      _exit(0);
    }
    ::usleep(static_cast<useconds_t>(5'000 + below(random, 40'000)));
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    through = WIFEXITED(status);
    if (through) REQUIRE(WEXITSTATUS(status) == 0);
    kills += through ? 0 : 1;
    // A reader sees every row once, in the new shape, whatever part it lies in.
    Connection reader(path, Access::read_only);
    see_whole_tables(reader);
    CHECK(reader.query_integer("SELECT count(*) FROM candle") == 2 * candles_of_each);
    if (reader.query_integer("PRAGMA user_version") > schema_version(migrations()))
      CHECK(reader.query_integer("SELECT min(length(volume)) FROM candle") == 32);
  }
  CHECK(kills > 3);
  work(path, 1);
  work(straight, 1);  // to the end
  {
    Connection connection(straight, Access::read_write);
    migrate(connection, with_wide_sums(), INT64_MAX, nullptr);
    connection.execute("UPDATE candle SET close = 1000 + open_time / 60000000000, revision = 0; DELETE FROM touched");
  }
  {
    Connection connection(path, Access::read_write);
    migrate(connection, with_wide_sums(), INT64_MAX, nullptr);  // drops the empty part
    CHECK(connection.query_integer("SELECT count(*) FROM candle WHERE revision = 1") ==
          connection.query_integer("SELECT count(*) FROM touched"));
    CHECK(connection.query_integer("SELECT count(*) FROM touched") > 10);
    CHECK(connection.query_integer("SELECT count(*) FROM candle c WHERE revision <> EXISTS (SELECT 1 FROM touched t "
                                   "WHERE t.market = c.market AND t.open_time = c.open_time)") == 0);
    connection.execute("UPDATE candle SET close = close - revision, revision = 0; DELETE FROM touched");
  }
  Connection a(path, Access::read_only), b(straight, Access::read_only);
  CHECK(difference(schema_of(path), schema_of(straight)) == "");
  CHECK(lines(a, "SELECT * FROM candle ORDER BY 1, 2") == lines(b, "SELECT * FROM candle ORDER BY 1, 2"));
}

TEST_CASE("a deletion finds rows that are not moved yet") {
  const Folder folder("deletion");
  const std::filesystem::path path = folder / "file.sqlite";
  fill(path);
  Connection connection(path, Access::read_write);
  const std::vector<Migration> steps = with_wide_sums();
  migrate(connection, steps, INT64_MAX, nullptr);
  CHECK(rewrites_under_way(connection, steps).front().step(100) == 100);
  Deletion old(connection, "candle", "market = ? AND open_time < ?");
  CHECK(old.run(std::int64_t{1}, 150 * minute) == 150);
  see_whole_tables(connection);
  CHECK(connection.query_integer("SELECT count(*) FROM candle") == 2 * candles_of_each - 150);
  CHECK_THROWS_WITH(connection.execute("DELETE FROM candle"),
                    Catch::Contains("view"));  // never half of it, without a word
}

TEST_CASE("while a table is being rewritten its view shows all of it") {
  const Folder folder("views_meanwhile");
  const std::filesystem::path path = make_old_file(folder, recorded_schemas().front());
  {
    JournalWriter writer(settings_for(path));
    const MigrationProgress progress = TableMigration(path).step(3).value();
    CHECK(progress.table == "candle");
    CHECK(progress.rows == 3);
    CHECK(progress.rows_about == 8);
    CHECK(progress.more);
  }
  Connection connection(path, Access::read_only);
  CHECK(connection.query_integer("SELECT count(*) FROM candle") == 3);  // the base table, for who looks there
  CHECK(connection.query_integer("SELECT count(*) FROM candles") == 8);
  CHECK(Reader(path, markets).candles(MarketId{1}, {}, {INT64_MAX}).size() == 4);
}
