// A disk that fails, at every place where it can: each write says what is the matter and whether trying again helps, nothing aborts, and
// what was committed is there.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <optional>
#include <set>

#include "candled/store/reader.hpp"
#include "small_journal.hpp"
#include "store/faulty_vfs.hpp"
#include "store/sqlite.hpp"

namespace candled::tests {
namespace {

namespace fs = std::filesystem;
using Fault = FaultyVfs::Fault;

store::JournalSettings settings_for(const fs::path& path, store::Durability durability) {
  return {path,
          SmallJournal::markets(),
          {{"calm", "balanced"}, {"wild", "dynamic"}},
          {{"hash", {"a"}}, {"hash", {"a"}}},
          durability};
}

// A folder with a file that was closed, for each run a copy.
class Files {
 public:
  Files() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const store::JournalWriter first(settings_for(folder_ / "first.sqlite", store::Durability::process));
  }
  ~Files() { fs::remove_all(folder_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  fs::path copy() {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) fs::remove(folder_ / (std::string("candled.sqlite") + end));
    fs::copy_file(folder_ / "first.sqlite", folder_ / "candled.sqlite");
    return folder_ / "candled.sqlite";
  }

 private:
  const fs::path folder_ = fs::temp_directory_path() / ("candled_fault" + std::to_string(::getpid()));
};

std::int64_t trades_in(const fs::path& path) {
  return store::Connection(path, store::Access::read_only).query_integer("SELECT count(*) FROM trade");
}

// What a run of the program does: a start, writes, an end; where the file cannot be used any more, a start again.
class Program {
 public:
  Program(fs::path path, store::Durability durability, FaultyVfs& vfs)
      : path_(std::move(path)), durability_(durability), vfs_(vfs) {}

  // The slice is written in the end.
  void write(const std::vector<Event>& events) {
    for (int attempt = 0; attempt < 4; ++attempt) {
      if (!start()) continue;
      const Result<void> written = writer_->write(events);
      if (written) return;
      said(written.error().message);
      if (written.error().remedy == Remedy::fatal) {
        CHECK(written.error().message.find("no room") == std::string::npos);
        vfs_.heal();
        writer_.reset();
      } else if (attempt > 0) {
        vfs_.heal();  // somebody made room
      }
    }
    FAIL("a slice was never written");
  }
  void end() { writer_.reset(); }
  const std::set<std::string>& words() const { return words_; }

 private:
  bool start() {
    if (writer_) return true;
    try {
      writer_.emplace(settings_for(path_, durability_));
      return true;
    } catch (const store::StoreError& error) {
      said(error.what());
      vfs_.heal();
      return false;
    }
  }
  void said(const std::string& line) {
    CHECK(line.find(path_.string()) != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find(".recover") == std::string::npos);  // the file is whole
    words_.insert(line);
  }

  const fs::path path_;
  const store::Durability durability_;
  FaultyVfs& vfs_;
  std::optional<store::JournalWriter> writer_;
  std::set<std::string> words_;
};

bool any_has(const std::set<std::string>& lines, const char* words) {
  for (const std::string& line : lines) {
    if (line.find(words) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("whatever call to the disk fails, nothing aborts and no committed row is lost") {
  const SmallJournal rows("candled_fault_rows");
  Files files;
  std::set<std::string> said;
  int runs_that_failed = 0;
  for (const Fault fault : {Fault::read_error, Fault::write_error, Fault::sync_error, Fault::no_room}) {
    for (int nth = 1; nth < 80; nth = nth < 24 ? nth + 1 : nth + 7) {
      INFO("fault " << static_cast<int>(fault) << " at call " << nth);
      const auto durability = nth % 2 == 0 ? store::Durability::power : store::Durability::process;
      const fs::path path = files.copy();
      FaultyVfs vfs;
      Program program(path, durability, vfs);
      vfs.fail(fault, nth, nth % 3 == 0);
      constexpr int slices = 12;
      for (int slice = 1; slice <= slices; ++slice) {
        std::vector<Event> events;
        if (slice % 3 == 0) events.push_back(rows.fill(StrategyId{0}, static_cast<std::uint32_t>(slice)));
        events.push_back(rows.trade(MarketId{0}, slice));
        for (Event& event : events) event.sequence = slice;
        program.write(events);
        REQUIRE(vfs.unharmed([&] { return trades_in(path); }) == slice);
      }
      runs_that_failed += vfs.failed() ? 1 : 0;
      vfs.heal();
      program.end();
      CHECK(trades_in(path) == slices);
      said.insert(program.words().begin(), program.words().end());
    }
  }
  CHECK(runs_that_failed > 40);
  CHECK(any_has(said, "the disk gives errors (Input/output error): see dmesg"));
  CHECK(any_has(said, "no room is left on its disk"));
}

TEST_CASE("too little memory is said, and tried again") {
  const SmallJournal rows("candled_memory_rows");
  Files files;
  const fs::path path = files.copy();
  store::JournalWriter writer(settings_for(path, store::Durability::process));
  int refused = 0;
  for (std::int64_t slice = 1; slice <= 60; ++slice) {
    std::vector<Event> events;
    for (std::int64_t i = 0; i < 200; ++i) events.push_back(rows.trade(MarketId{0}, slice * 1000 + i));
    for (Event& event : events) event.sequence = slice;
    sqlite3_hard_heap_limit64(sqlite3_memory_used() + slice * 512);
    const Result<void> written = writer.write(events);
    sqlite3_hard_heap_limit64(0);
    if (!written) {
      ++refused;
      CHECK(written.error().message.find("too little memory") != std::string::npos);
      CHECK(written.error().remedy == Remedy::retry);
      REQUIRE(writer.write(events).has_value());
    }
    CHECK(trades_in(path) == slice * 200);
  }
  CHECK(refused > 0);
}

TEST_CASE("a log that is cut under the writer is a named end, and what is left of it is a whole file") {
  const SmallJournal rows("candled_cut_rows");
  Files files;
  const auto slice_of = [&](std::int64_t id) {
    std::vector<Event> events;
    events.push_back(rows.trade(MarketId{0}, id));
    events.back().sequence = id;
    return events;
  };
  for (const int percent : {0, 1, 30, 60, 99}) {
    INFO("cut at " << percent << " %");
    const fs::path path = files.copy(), log = path.string() + "-wal";
    {
      store::JournalWriter writer(settings_for(path, store::Durability::power));
      for (std::int64_t id = 1; id <= 40; ++id) REQUIRE(writer.write(slice_of(id)).has_value());
      fs::resize_file(log, fs::file_size(log) * static_cast<std::uintmax_t>(percent) / 100);
      const Result<void> written = writer.write(slice_of(41));
      REQUIRE_FALSE(written.has_value());
      CHECK(written.error().remedy == Remedy::fatal);
      CHECK(written.error().message.find("-wal was cut short by something else") != std::string::npos);
      CHECK(written.error().message.find(".recover") == std::string::npos);
    }
    const std::int64_t left = trades_in(path);
    CHECK(left < 41);
    store::JournalWriter again(settings_for(path, store::Durability::process));
    CHECK(again.write(slice_of(41)).has_value());
    CHECK(trades_in(path) == left + 1);
    store::Connection file(path, store::Access::read_only);
    CHECK(file.query_integer("SELECT max(trade_id) FROM trade WHERE trade_id < 41") == left);
  }
}

TEST_CASE("a log that is removed under the writer is a named end, and nothing is lost") {
  const SmallJournal rows("candled_removed_rows");
  Files files;
  const fs::path path = files.copy();
  {
    store::JournalWriter writer(settings_for(path, store::Durability::power));
    for (std::int64_t id = 1; id <= 40; ++id) {
      std::vector<Event> events;
      events.push_back(rows.trade(MarketId{0}, id));
      events.back().sequence = id;
      if (id == 40) fs::remove(path.string() + "-wal");
      const Result<void> written = writer.write(events);
      REQUIRE(written.has_value() == (id < 40));
      if (written) continue;
      CHECK(written.error().remedy == Remedy::fatal);
      CHECK(written.error().message.find("was removed or replaced while it was in use") != std::string::npos);
    }
  }
  CHECK(trades_in(path) == 39);
}

TEST_CASE("an emptied or removed file beside its log is no new file, and the log stays") {
  for (const bool removed : {false, true}) {
    SmallJournal journal(removed ? "candled_emptied" : "candled_removed");
    journal.fill_up();
    const fs::path other = journal.folder / "other";
    fs::create_directories(other);
    const fs::path path = other / "candled.sqlite", log = other / "candled.sqlite-wal";
    if (!removed) std::ofstream(path) << "";
    fs::copy_file(journal.path().string() + "-wal", log);
    const std::uintmax_t bytes = fs::file_size(log);
    std::string said;
    try {
      const store::JournalWriter writer(settings_for(path, store::Durability::process));
    } catch (const store::StoreError& error) {
      said = error.what();
    }
    CHECK(said.find("is gone or empty, but its write-ahead log " + log.string() + " is there") != std::string::npos);
    CHECK_THROWS_AS(store::Reader(path, SmallJournal::markets()), store::StoreError);
    CHECK(fs::file_size(log) == bytes);
  }
}

}  // namespace candled::tests
