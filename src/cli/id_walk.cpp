#include "cli/id_walk.hpp"

#include <algorithm>

#include "candled/files/import.hpp"

namespace candled::cli {
namespace {

constexpr std::int64_t ids_per_look = 50'000;

// Ids of exchanges are contiguous; made ids stand apart as their times do.
bool is_missing_between(std::int64_t earlier, std::int64_t later) {
  if (earlier >= 0) return later > earlier + 1;
  return later < 0 && files::between_made_ids(earlier, later) > files::believable_pause_max;
}

// Made ids and those of an exchange are two sequences of their own, each with all the times of the market.
bool same_numbering(std::int64_t a, std::int64_t b) { return (a < 0) == (b < 0); }

}  // namespace

const std::int64_t* IdWalk::next_stored(std::int64_t from) {
  if (at_ == ahead_.size() && !all_seen_) {
    ahead_ = stored_.trade_ids(market_, from, ids_per_look);
    at_ = 0;
    all_seen_ = static_cast<std::int64_t>(ahead_.size()) < ids_per_look;
  }
  return at_ < ahead_.size() ? &ahead_[at_] : nullptr;
}

std::optional<store::IdSpan> IdWalk::pass(std::int64_t id) {
  const std::int64_t before = last_;
  last_ = id;
  if (!is_missing_between(before, id)) return std::nullopt;
  missing_.push_back({before + 1, id - 1});
  return missing_.back();
}

void IdWalk::start_at(std::int64_t id) {
  if (started_) return;
  started_ = true;
  const std::optional<std::int64_t> before = stored_.last_trade_id_before(market_, id);
  first_ = last_ = before && same_numbering(*before, id) ? *before : id;
}

void IdWalk::pass_stored_before(std::int64_t id) {
  const std::int64_t* stored = next_stored(last_ == id ? id : last_ + 1);
  while (stored != nullptr && *stored < id) {
    pass(*stored);
    ++at_;
    stored = next_stored(*stored + 1);
  }
}

IdWalk::Step IdWalk::step(std::int64_t id) {
  start_at(id);
  pass_stored_before(id);
  const std::int64_t* stored = next_stored(id);
  Step step;
  step.is_stored = stored != nullptr && *stored == id;
  if (step.is_stored) ++at_;
  if (last_ != id) step.missing = pass(id);
  return step;
}

void IdWalk::see(std::int64_t id) {
  start_at(id);
  if (id <= last_) return;
  pass_stored_before(id);
  last_ = std::max(last_, id);
}

void IdWalk::finish() {
  if (!started_) return;
  const std::int64_t* stored = next_stored(last_ + 1);
  if (stored != nullptr && same_numbering(*stored, last_)) pass(*stored);
}

}  // namespace candled::cli
