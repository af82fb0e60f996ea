// RowSorter: puts any number of small rows in order in bounded memory. Sorted runs wait in one unlinked file (a crash leaves
// nothing behind) and are merged when they are read. Files are nearly sorted, so a run that is in order is not sorted again.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::files {

// A temporary file without a name.
class SpillFile {
 public:
  explicit SpillFile(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~SpillFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  SpillFile(SpillFile&& other) noexcept
      : folder_(std::move(other.folder_)), descriptor_(other.descriptor_), size_(other.size_) {
    other.descriptor_ = -1;
  }
  SpillFile& operator=(SpillFile&&) = delete;

  std::int64_t size() const { return size_; }
  Result<void> append(const void* bytes, std::size_t count);
  Result<void> read(std::int64_t offset, void* bytes, std::size_t count) const;

 private:
  Result<void> open();

  std::filesystem::path folder_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
};

template <class Row, class Less>
class RowSorter {
  static_assert(std::is_trivially_copyable_v<Row>);

 public:
  RowSorter(std::filesystem::path folder, std::size_t rows_in_memory_max)
      : file_(std::move(folder)), rows_max_(std::max<std::size_t>(rows_in_memory_max, 16)) {}

  Result<void> add(const Row& row) {
    rows_.push_back(row);
    ++count_;
    return rows_.size() < rows_max_ ? Result<void>{} : spill();
  }
  std::int64_t count() const { return count_; }

  // From the first row again. Call behind the last add(), and before the first next().
  Result<void> rewind() {
    sort();
    for (Run& run : runs_) {
      run.next = run.begin;
      run.rows.clear();
      run.at = 0;
    }
    at_ = 0;
    heap_.clear();
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      if (Result<bool> more = refill(runs_[i]); !more) return std::unexpected(more.error());
      heap_.push_back(i);
    }
    if (!rows_.empty()) heap_.push_back(in_memory);
    std::ranges::make_heap(heap_, behind());
    return {};
  }

  // False behind the last row.
  Result<bool> next(Row& row) {
    if (heap_.empty()) return false;
    if (heap_.size() == 1 && heap_.front() == in_memory) {  // what fits into memory needs no merge
      row = rows_[at_++];
      if (at_ == rows_.size()) heap_.clear();
      return true;
    }
    std::ranges::pop_heap(heap_, behind());
    const std::size_t source = heap_.back();
    row = front(source);
    Result<bool> more = advance(source);
    if (!more) return more;
    if (*more) {
      std::ranges::push_heap(heap_, behind());
    } else {
      heap_.pop_back();
    }
    return true;
  }

 private:
  struct Run {
    std::int64_t begin = 0, end = 0;  // bytes of the file
    std::int64_t next = 0;
    std::vector<Row> rows;  // read ahead
    std::size_t at = 0;
  };
  static constexpr std::size_t in_memory = SIZE_MAX;

  auto behind() {
    return [this](std::size_t a, std::size_t b) { return Less{}(front(b), front(a)); };
  }
  const Row& front(std::size_t source) const {
    return source == in_memory ? rows_[at_] : runs_[source].rows[runs_[source].at];
  }

  void sort() {
    if (!std::ranges::is_sorted(rows_, Less{})) std::ranges::sort(rows_, Less{});
  }
  Result<void> spill() {
    sort();
    Run run{.begin = file_.size(), .rows = {}};
    if (Result<void> written = file_.append(rows_.data(), rows_.size() * sizeof(Row)); !written) return written;
    run.end = file_.size();
    runs_.push_back(std::move(run));
    rows_.clear();
    return {};
  }
  Result<bool> refill(Run& run) {
    // The runs share the memory of one.
    const std::size_t room = std::max<std::size_t>(rows_max_ / std::max<std::size_t>(runs_.size(), 1), 64);
    const std::size_t left = static_cast<std::size_t>(run.end - run.next) / sizeof(Row);
    run.rows.resize(std::min(room, left));
    run.at = 0;
    if (run.rows.empty()) return false;
    const std::size_t bytes = run.rows.size() * sizeof(Row);
    if (Result<void> read = file_.read(run.next, run.rows.data(), bytes); !read) return std::unexpected(read.error());
    run.next += static_cast<std::int64_t>(bytes);
    return true;
  }
  Result<bool> advance(std::size_t source) {
    if (source == in_memory) return ++at_ < rows_.size();
    Run& run = runs_[source];
    return ++run.at < run.rows.size() ? Result<bool>(true) : refill(run);
  }

  SpillFile file_;
  std::size_t rows_max_;
  std::vector<Row> rows_;
  std::size_t at_ = 0;
  std::vector<Run> runs_;
  std::vector<std::size_t> heap_;  // sources that have rows left
  std::int64_t count_ = 0;
};

}  // namespace candled::files
