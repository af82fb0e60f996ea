// One writer for one file, under whatever name it is opened.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "candled/store/view_reader.hpp"
#include "store/small_journal.hpp"

using namespace candled;
using namespace candled::store;
using candled::tests::SmallJournal;
namespace fs = std::filesystem;

namespace {

JournalSettings settings_for(const fs::path& path) {
  JournalSettings settings;
  settings.path = path;
  settings.markets = SmallJournal::markets();
  return settings;
}

// What a writer says to this name; empty: it writes.
std::string refusal(const fs::path& path) {
  try {
    JournalWriter writer(settings_for(path));
    return "";
  } catch (const StoreError& error) {
    return error.what();
  }
}

// Whether another process sees a lock of SQLite's (its shared range, src/os.h there) on the file.
bool sqlite_holds(const fs::path& path) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = 0x40000002;
    lock.l_len = 510;
    const int file = ::open(path.c_str(), O_RDWR);
    ::_exit(file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status) == 1;
}

// Names of the file behind links to it, to its folder, and to such links, with detours.
std::vector<fs::path> other_names(const fs::path& file, int count) {
  std::mt19937 random{20251129};
  const fs::path folder = file.parent_path();
  std::vector<fs::path> files{file}, folders{folder};
  const auto any = [&](const std::vector<fs::path>& of) { return of[random() % of.size()]; };
  for (int i = 0; i < count; ++i) {
    const fs::path link = folder / ("link" + std::to_string(i));
    const bool relative = random() % 2 == 0;
    switch (random() % 4) {
      case 0:
        fs::create_directory_symlink(relative ? fs::path(".") : folder, link);
        folders.push_back(link);
        break;
      case 1: files.push_back(any(folders) / "." / file.filename()); break;
      default:
        const fs::path to = any(files);
        fs::create_symlink(relative ? to.lexically_relative(folder) : to, link);
        files.push_back(link);
    }
  }
  files.erase(files.begin());
  return files;
}

}  // namespace

TEST_CASE("a second name of a file in use is the same file") {
  SmallJournal journal("candled_file_lock_test");
  journal.fill_up();
  const std::string pid = "(pid " + std::to_string(::getpid()) + ")";
  const std::vector<fs::path> names = other_names(journal.path(), 200);
  REQUIRE(names.size() > 100);
  for (const fs::path& name : names) {
    INFO(name.string());
    CHECK_THAT(refusal(name), Catch::Contains(name.string() + " is in use by another candled " + pid));
    CHECK(database_user(name) == "in use by another candled " + pid);
    CHECK(database_user_id(name) == ::getpid());
  }
  journal.writer.reset();
  for (const fs::path& name : names) {
    INFO(name.string());
    CHECK(database_user(name).empty());
    CHECK(refusal(name) == "");
  }
  CHECK(ViewReader(names.back(), [] { return true; }).last_commit()->sequence == 6);
}

TEST_CASE("a link to a file that is not there yet makes and locks the file") {
  SmallJournal journal("candled_file_lock_test");
  const fs::path link = journal.folder / "link", file = journal.folder / "new.sqlite";
  fs::create_symlink("new.sqlite", link);
  const JournalWriter writer(settings_for(link));
  CHECK(fs::is_regular_file(file));
  CHECK_THAT(refusal(file), Catch::Contains("is in use by another candled (pid "));
}

TEST_CASE("a file with two hard links is refused under both, and nothing of it is touched") {
  SmallJournal journal("candled_file_lock_test");
  journal.fill_up();
  const fs::path other = journal.folder / "other.sqlite";
  fs::create_hard_link(journal.path(), other);
  CHECK_THAT(refusal(other), Catch::Contains("has 2 names (hard links)"));
  journal.writer.reset();
  for (const fs::path& name : {journal.path(), other}) CHECK_THAT(refusal(name), Catch::Contains("has 2 names"));
  CHECK_FALSE(fs::exists(other.string() + "-wal"));
  fs::remove(other);
  CHECK(refusal(journal.path()) == "");
  CHECK(ViewReader(journal.path(), [] { return true; }).last_commit()->sequence == 6);
}

TEST_CASE("the file itself is locked, whatever becomes of the lock file") {
  SmallJournal journal("candled_file_lock_test");
  journal.fill_up();
  fs::remove(journal.path().string() + ".lock");
  CHECK_THAT(refusal(journal.path()), Catch::Contains("is in use by another candled"));
  // Under a name of which nothing tells that it is the same file: moved while in use.
  const fs::path moved = journal.folder / "moved.sqlite";
  fs::rename(journal.path(), moved);
  CHECK_THAT(refusal(moved), Catch::Contains("is in use by another candled"));
  CHECK_FALSE(fs::exists(moved.string() + ".lock"));
}

TEST_CASE("asking who holds a file leaves SQLite's own locks on it") {
  SmallJournal journal("candled_file_lock_test");
  journal.fill_up();
  const fs::path link = journal.folder / "link";
  fs::create_symlink(journal.path(), link);
  REQUIRE(sqlite_holds(journal.path()));
  for (const fs::path& name : {journal.path(), link}) {
    CHECK_FALSE(database_user(name).empty());
    CHECK_THAT(refusal(name), Catch::Contains("is in use"));
  }
  CHECK(sqlite_holds(journal.path()));
}
