#include "ingest/sequence_tracker.hpp"

#include <algorithm>

#include "candled/domain/result.hpp"

namespace candled::ingest {
namespace {

// Neighbours of one market may be stamped out of order by this much, never more.
constexpr Duration stamp_disorder_max = Duration::seconds(5);

}  // namespace

std::optional<IdRange> SequenceTracker::missing() const {
  if (!last_id_ || held_.empty() || continues(held_.front())) return std::nullopt;
  return IdRange{*last_id_ + 1, held_.front().id - 1};
}

IdRange SequenceTracker::skip_missing() {
  const std::optional<IdRange> sequence_gap = missing();
  if (!sequence_gap) invariant_failed("skipped a hole that is not there");
  last_id_ = sequence_gap->last;
  return *sequence_gap;
}

void SequenceTracker::drop_first_held() {
  if (held_.empty()) return;
  held_.pop_front();
  ++outliers_;
}

SequenceTracker::Verdict SequenceTracker::hold(const Trade& trade) {
  if (held_.empty() || trade.id > held_.back().id) {
    held_.push_back(trade);
    return Verdict::held;
  }
  const auto place = std::ranges::lower_bound(held_, trade.id, {}, &Trade::id);
  if (place->id == trade.id) return Verdict::duplicate;
  held_.insert(place, trade);
  return Verdict::held;
}

void SequenceTracker::drop_outliers(const Trade& passed) {
  while (!held_.empty() && held_.front().id > passed.id + 1 && held_.front().time + stamp_disorder_max < passed.time) {
    drop_first_held();
  }
}

}  // namespace candled::ingest
