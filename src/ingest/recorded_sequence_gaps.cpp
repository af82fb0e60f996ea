#include "ingest/recorded_sequence_gaps.hpp"

#include <algorithm>
#include <array>

namespace candled::ingest {
namespace {

constexpr Duration step_back = Duration::seconds(1);  // a walk starts this much before the last trade
constexpr std::int64_t fill_trades_max = 200'000;     // larger recorded sequence gaps are left to --gap-fill
// From one attempt to fill a recorded sequence gap to the next.
constexpr std::array fill_delays = {Duration::seconds(5), Duration::seconds(15), Duration::minutes(1),
                                    Duration::minutes(5), Duration::minutes(15), Duration::minutes(60)};

bool too_large(const SequenceGap& sequence_gap) {
  return sequence_gap.last_missing_id - sequence_gap.first_missing_id >= fill_trades_max;
}

}  // namespace

void RecordedSequenceGaps::add(const SequenceGap& sequence_gap, std::optional<PageStart> start,
                               Duration first_attempt) {
  sequence_gaps_.push_back({sequence_gap, start, 0, first_attempt});
}

std::optional<std::size_t> RecordedSequenceGaps::due(Duration now) const {
  for (std::size_t i = 0; i < sequence_gaps_.size(); ++i) {
    if (sequence_gaps_[i].next_attempt <= now) return i;
  }
  return std::nullopt;
}

net::Task<void> RecordedSequenceGaps::keep_filling() {
  while (!parts_.loop.stopping()) {
    const std::optional<std::size_t> due = this->due(parts_.loop.now());
    if (!due || !may_ask_()) {
      co_await parts_.loop.sleep(Duration::seconds(1));
      continue;
    }
    Recorded recorded = sequence_gaps_[*due];
    if (too_large(recorded.sequence_gap)) {  // told once, and left
      tell_open(recorded, "too large for the background: candled --gap-fill closes it");
      sequence_gaps_.erase(sequence_gaps_.begin() + static_cast<std::ptrdiff_t>(*due));
      continue;
    }
    const bool filled = co_await fill(recorded);
    if (parts_.loop.stopping()) co_return;
    // Others may have been added meanwhile, behind; none is removed but here.
    if (filled) {
      sequence_gaps_.erase(sequence_gaps_.begin() + static_cast<std::ptrdiff_t>(*due));
      statistics_.sequence_gaps_filled.add();
      continue;
    }
    const Duration pause = fill_delays[std::min(recorded.attempts, fill_delays.size() - 1)];
    recorded.next_attempt = parts_.loop.now() + pause;
    ++recorded.attempts;
    sequence_gaps_[*due] = recorded;
    tell_open(recorded, "trying again in " + to_text(pause));
  }
}

// The first failures are told each, later ones come hours apart.
void RecordedSequenceGaps::tell_open(const Recorded& recorded, const std::string& next) {
  const SequenceGap& sequence_gap = recorded.sequence_gap;
  parts_.log.info("hole still open", {{"market", market_.name()},
                                      {"first_missing_id", std::to_string(sequence_gap.first_missing_id)},
                                      {"last_missing_id", std::to_string(sequence_gap.last_missing_id)},
                                      {"next", next}});
}

// Fetches a recorded sequence gap; its trades are pushed only when all of them are there.
net::Task<bool> RecordedSequenceGaps::fill(Recorded& recorded) {
  const SequenceGap& sequence_gap = recorded.sequence_gap;
  if (!recorded.start) {
    const Timestamp guess =
        sequence_gap.proven_until.ns > 0 ? sequence_gap.proven_until - step_back : sequence_gap.detected;
    RestResult<std::optional<PageStart>> start =
        co_await parts_.rest.locate(rest_name_, sequence_gap.first_missing_id, guess);
    if (!start || !*start) co_return false;
    recorded.start = **start;
  }
  recorded.start->known_id = sequence_gap.last_missing_id + 1;
  std::vector<Trade> found;
  const bool complete = co_await fetch(recorded, found);
  if (!complete || parts_.loop.stopping()) co_return false;
  parts_.outlet.begin();
  for (const Trade& trade : found) {
    parts_.outlet.push(Event::of(market_.id, trade));
    statistics_.trades.add();
  }
  parts_.outlet.push(Event::sequence_gap_filled(market_.id, sequence_gap));
  parts_.outlet.flush();
  parts_.log.info("hole filled", {{"market", market_.name()},
                                  {"first_missing_id", std::to_string(sequence_gap.first_missing_id)},
                                  {"last_missing_id", std::to_string(sequence_gap.last_missing_id)}});
  co_return true;
}

net::Task<bool> RecordedSequenceGaps::fetch(const Recorded& recorded, std::vector<Trade>& found) {
  const SequenceGap& sequence_gap = recorded.sequence_gap;
  const std::unique_ptr<Pager> pager = make_pager(parts_.rest.descriptor(), *recorded.start);
  TradesPage page;
  while (!parts_.loop.stopping()) {
    PageRequest request = pager->next();
    RestResult<void> got = co_await parts_.rest.ask_trades(rest_name_, request, page);
    if (!got) co_return false;
    const Pager::Step step = pager->accept(page);
    if (step.caught_up || step.stuck || (step.missing && step.missing->first <= sequence_gap.last_missing_id))
      co_return false;
    for (const Trade& trade : step.trades) {
      if (trade.id <= sequence_gap.last_missing_id) found.push_back(trade);
    }
    if (!found.empty() && found.back().id == sequence_gap.last_missing_id) co_return true;
  }
  co_return false;
}

}  // namespace candled::ingest
