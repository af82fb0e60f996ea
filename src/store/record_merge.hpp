// RecordMerge: the k-way merge behind RecordStream. Each table is a row of ascending runs of numbers in the order of its key; the merge
// reads the runs a page at a time.
//
// Bounded in every case: of more runs than are allowed only those that begin first are kept, and when the merge reaches the first one that
// was left out, another pass finds the next ones. Of more pages than are allowed the one that is wanted last goes, and is read again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "candled/store/record_stream.hpp"
#include "store/record_source.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

struct MergeLimits {
  std::size_t runs_max = 16'384;
  std::size_t rows_per_page = 512;
  std::size_t spare_pages = 16;  // besides one for each table of each market
};

class RecordMerge {
 public:
  // The connection is a dependency and holds a snapshot. ids[market]: the market's row in the file.
  RecordMerge(const Connection& connection, std::span<const std::int64_t> ids, RecordPlace after,
              RecordStream::KeepGoing keep_going, MergeLimits limits = {});

  std::optional<RecordedEvent> next();
  std::size_t rows_held_max() const { return rows_held_max_; }

 private:
  // A stretch of a table in the order of its key, in which the numbers rise.
  struct Run {
    std::size_t source = 0;
    std::int64_t next_key = 0, last_key = 0;
    std::int64_t first_sequence = 0;
    std::optional<std::size_t> page = {};
    std::size_t rows_wanted = 0;  // of the next page: it grows while the run is read on
  };
  struct Page {
    std::optional<std::size_t> run;  // nothing: free
    std::vector<RecordSource::Row> rows;
    std::size_t at = 0;
    const RecordSource::Row& front() const { return rows[at]; }
  };
  struct Due {
    std::int64_t sequence = 0;
    std::size_t run = 0;
  };

  static bool is_later(const Due& a, const Due& b);
  bool find_runs();
  bool find_runs_of(std::size_t source);
  void keep(const Run& run);
  bool read_page(std::size_t run);
  std::size_t free_page();
  void push_due(std::size_t run);
  void note_rows();

  const RecordStream::KeepGoing keep_going_;
  const MergeLimits limits_;
  std::vector<RecordSource> sources_;
  std::vector<std::int64_t> first_keys_;  // by source: rows up to this key are left out
  std::vector<Run> runs_;                 // while they are being found: a heap, the one that begins last on top
  std::vector<Due> due_;                  // a heap, the next number on top
  std::vector<Page> pages_;
  std::int64_t after_;                    // the runs hold numbers above this
  std::int64_t reached_;                  // the number given last
  std::optional<std::int64_t> left_out_;  // where the first run begins that was not kept
  bool found_ = false, stopped_ = false;
  std::int64_t rows_seen_ = 0;
  std::size_t rows_held_max_ = 0;
};

}  // namespace candled::store
