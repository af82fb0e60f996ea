#include "store/log_watch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "store/file_names.hpp"

namespace candled::store {
namespace {

// The formats of FILE-wal and FILE-shm, https://sqlite.org/walformat.html.
constexpr std::int64_t log_header_bytes = 32, frame_header_bytes = 24;
constexpr off_t frames_at = 16;

}  // namespace

LogWatch::LogWatch(const std::filesystem::path& database)
    : database_(database.string()), log_(log_path(database).string()), index_name_(index_path(database).string()) {}

void LogWatch::begin(Connection& writer) {
  frame_bytes_ = frame_header_bytes + writer.query_integer("PRAGMA page_size");
  index_.emplace(::open(index_name_.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (::stat(log_.c_str(), &status) == 0) number_ = status.st_ino;
}

std::uint32_t LogWatch::frames() const {
  std::uint32_t frames = 0;
  return index_ && ::pread(index_->number(), &frames, sizeof frames, frames_at) == sizeof frames ? frames : 0;
}

LogWatch::State LogWatch::look() const {
  if (number_ == 0) return State::whole;
  struct stat status{};
  if (::stat(log_.c_str(), &status) != 0 || status.st_ino != number_) return State::removed;
  const std::uint32_t count = frames();
  return count > 0 && status.st_size < log_header_bytes + frame_bytes_ * count ? State::cut : State::whole;
}

SqliteError LogWatch::error(State state) const {
  if (state == State::removed) {
    return {SQLITE_IOERR,
            fmt::format("database {}: its write-ahead log {} was removed or replaced while it was in use: leave it to "
                        "candled; what it held is written into the database, start again",
                        database_, log_)};
  }
  return {
      SQLITE_IOERR,
      fmt::format("database {}: its write-ahead log {} was cut short by something else while it was in use: leave it "
                  "to candled; start again, which goes on from what is left, and trades are fetched again",
                  database_, log_)};
}

}  // namespace candled::store
