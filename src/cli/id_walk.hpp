// IdWalk: goes along the ids of an import and of what is stored at once, and tells what is stored already and what is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/store/import_writer.hpp"

namespace candled::cli {

class IdWalk {
 public:
  IdWalk(const store::ImportWriter& stored, MarketId market) : stored_(stored), market_(market) {}

  struct Step {
    bool is_stored = false;
    std::optional<store::IdSpan> missing;  // right in front of this id
  };
  // Ids must rise from call to call, and are either made ones or those of an exchange.
  Step step(std::int64_t id);
  // This id is not stored and will not be, but what it stands for is: nothing is missing in front of it.
  void see(std::int64_t id);
  // Behind the last step: up to the next stored trade.
  void finish();
  bool started() const { return started_; }

  // All that is missing between the two trades, and these: the stored neighbours of the import, or its own first and last.
  const std::vector<store::IdSpan>& missing() const { return missing_; }
  store::IdSpan between() const { return {first_, last_}; }

 private:
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
};

}  // namespace candled::cli
