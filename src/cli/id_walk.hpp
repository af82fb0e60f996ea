// IdWalk: goes along the ids of an import and of what is stored at once, and tells what is stored already and what is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/store/import_writer.hpp"

namespace candled::cli {

class IdWalk {
 public:
  IdWalk(const store::ImportWriter& stored, MarketId market) : stored_(stored), market_(market) {}

  // Before the first step. Made ids do not tell that one is missing between them: `behind` are ids, rising, behind which a row
  // was refused, and `open` what is recorded as missing and stays so where nothing comes in between.
  void expect_missing(std::vector<std::int64_t> behind, std::span<const SequenceGap> open);

  struct Step {
    bool is_stored = false;
    std::optional<store::IdSpan> missing;  // right in front of this id
    bool is_told = false;                  // that it is missing: a row was refused there
  };
  // Ids must rise from call to call, and are either made ones or those of an exchange.
  Step step(std::int64_t id);
  // This id is not stored and will not be, but what it stands for is: nothing is missing in front of it.
  void see(std::int64_t id);
  // Behind the last step: up to the next stored trade; where there is none, returns what is missing up to the last refused row.
  std::optional<store::IdSpan> finish();
  bool started() const { return started_; }

  // All that is missing between the two trades, and these: the stored neighbours of the import, or its own first and last.
  const std::vector<store::IdSpan>& missing() const { return missing_; }
  // One of them, where a row was refused.
  bool is_told(const store::IdSpan& span) const { return told_.contains(span.first); }
  store::IdSpan between() const { return {first_, last_}; }

 private:
  bool is_told_missing(std::int64_t before, std::int64_t id);
  void start_at(std::int64_t id);
  void pass_stored_before(std::int64_t id);
  std::optional<store::IdSpan> pass(std::int64_t id);
  const std::int64_t* next_stored(std::int64_t from);

  const store::ImportWriter& stored_;
  const MarketId market_;
  std::vector<std::int64_t> ahead_;  // stored ids
  std::size_t at_ = 0;
  bool all_seen_ = false;  // no stored ids behind those in ahead_
  bool started_ = false;
  std::int64_t first_ = 0, last_ = 0;
  std::vector<store::IdSpan> missing_;
  std::vector<std::int64_t> refused_;  // rising
  std::size_t refused_at_ = 0;
  std::unordered_set<std::int64_t> told_;                // first ids of what is missing there
  std::unordered_map<std::int64_t, std::int64_t> open_;  // first and last id
};

}  // namespace candled::cli
