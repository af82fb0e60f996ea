// A file that may only be read, in a folder that may only be read, as somebody else: all of it is there, and nothing is made beside it.
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>

#include "candled/store/checkpoint_reader.hpp"
#include "candled/store/exporter.hpp"
#include "candled/store/model_reader.hpp"
#include "candled/store/quality.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/record_stream.hpp"
#include "candled/store/view_reader.hpp"
#include "small_journal.hpp"
#include "store/sqlite.hpp"

namespace candled::tests {
namespace {

namespace fs = std::filesystem;
constexpr uid_t somebody = 65534;

// What the work says, as a user who owns nothing here.
std::string as_somebody(const std::function<std::string()>& work) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(somebody) != 0 || ::setuid(somebody) != 0)) ::_exit(2);
    std::string said;
    try {
      said = work();
    } catch (const std::exception& error) {
      said = error.what();
    }
    (void)!::write(ends[1], said.data(), said.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  char text[4096];
  for (ssize_t size = 0; (size = ::read(ends[0], text, sizeof text)) > 0;)
    said.append(text, static_cast<std::size_t>(size));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(status == 0);
  return said;
}

std::string exported(const fs::path& path) {
  std::string csv;
  for (const store::ExportKind kind :
       {store::ExportKind::trades, store::ExportKind::candles, store::ExportKind::fills}) {
    store::ExportRequest request;
    request.kind = kind;
    request.market = "kraken:BTC/USD";
    const Result<std::int64_t> rows = store::Exporter(path).run(request, [&](std::string_view lines) {
      csv += lines;
      return true;
    });
    csv += rows ? std::to_string(*rows) : rows.error().message;
  }
  return csv;
}

// What each reader of the file finds.
std::string read_by_all(const fs::path& path) {
  std::string found = exported(path);
  const MarketTable markets = SmallJournal::markets();
  const std::optional<store::MarketQuality> quality =
      store::read_quality(path, markets[0], [](std::int64_t) { return true; });
  found += " candles of check data " + std::to_string(quality->candles.traded);
  found += " champion " + store::ModelReader(path).champion().value_or("none");
  found += " sequence " + std::to_string(store::CheckpointReader(path, markets).position().last_sequence);
  found += " last id " + std::to_string(store::Reader(path, markets).cursor(MarketId{0}).last_trade_id.value_or(-1));
  store::RecordStream record(path, markets, {0, {0, 0}}, [](std::int64_t) { return true; });
  int events = 0;
  while (record.next()) ++events;
  found += " recorded " + std::to_string(events);
  store::ViewReader views(path, [] { return true; });
  store::ViewFilter filter;
  filter.limit = 10;
  found += " shown " + std::to_string(views.rows(store::View::candles, filter)->count());
  return found;
}

// A copy as somebody would get it: in a folder that is not theirs.
class Copy {
 public:
  explicit Copy(const SmallJournal& journal, const std::string& name = "view.sqlite")
      : folder_(journal.folder / "copy") {
    fs::permissions(journal.folder, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
    fs::create_directories(folder_);
    fs::copy_file(journal.path(), path_ = folder_ / name);
  }
  ~Copy() {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  void take_log(const SmallJournal& journal) {
    fs::copy_file(journal.path().string() + "-wal", path_.string() + "-wal");
  }
  void lock_up() {
    using fs::perms;
    for (const auto& file : fs::directory_iterator(folder_))
      fs::permissions(file, perms::owner_read | perms::others_read);
    fs::permissions(folder_, perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path folder_, path_;
};

}  // namespace

TEST_CASE("a read-only copy without a log is read by every reader, and nothing is made beside it") {
  SmallJournal journal("candled_read_only_copy");
  journal.fill_up();
  const std::string whole = read_by_all(journal.path());
  CHECK(whole.find(" recorded 0") == std::string::npos);
  journal.writer.reset();  // its log goes into the file
  for (const char* name : {"view.sqlite", "100% of #1?.sqlite"}) {
    INFO(name);
    Copy copy(journal, name);
    copy.lock_up();
    CHECK(as_somebody([&] { return read_by_all(copy.path()); }) == whole);
    CHECK(copy.files() == 1);
  }
}

TEST_CASE("a read-only copy with old views, or without any, is read as well") {
  SmallJournal journal("candled_read_only_views");
  journal.fill_up();
  const std::string whole = read_by_all(journal.path());
  journal.writer.reset();
  Copy copy(journal);
  store::Connection(copy.path(), store::Access::read_write)
      .execute("DROP VIEW candles; DROP VIEW trades; DROP VIEW fills; CREATE VIEW trades AS SELECT 1 AS other");
  copy.lock_up();
  CHECK(as_somebody([&] { return read_by_all(copy.path()); }) == whole);
}

TEST_CASE("a copy with a log in a folder that cannot be written says why it is not read, and what to do") {
  SmallJournal journal("candled_read_only_log");
  journal.fill_up();
  const std::string whole = read_by_all(journal.path());
  Copy copy(journal);
  copy.take_log(journal);
  copy.lock_up();
  const std::string said = as_somebody([&] { return read_by_all(copy.path()); });
  CHECK(said.find(copy.path().string() + ": its write-ahead log " + copy.path().string() +
                  "-wal can only be read where its folder can be written: copy both") != std::string::npos);
  CHECK(said.find('\n') == std::string::npos);
  fs::permissions(copy.path().parent_path(), fs::perms::all);
  CHECK(as_somebody([&] { return read_by_all(copy.path()); }) == whole);
}

TEST_CASE("a file that another process writes is read by somebody who may not write there") {
  SmallJournal journal("candled_read_only_live");
  journal.fill_up();
  fs::permissions(journal.folder, fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
  const std::string whole = read_by_all(journal.path());
  CHECK(as_somebody([&] { return read_by_all(journal.path()); }) == whole);
}

}  // namespace candled::tests
