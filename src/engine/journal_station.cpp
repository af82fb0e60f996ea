#include "engine/journal_station.hpp"

#include <algorithm>

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "candled/engine/revision.hpp"

namespace candled::engine {
namespace {

constexpr Duration pause_after_refusal = Duration::milliseconds(200);
constexpr int refusals_per_log_line = 25;    // one line each 5 s while the disk is full
constexpr int refusals_at_end_max = 15;      // 3 s: a stop must not hang on a full disk

std::vector<std::string> names_of(const std::vector<trading::StrategySettings>& strategies) {
  std::vector<std::string> names;
  for (const auto& strategy : strategies) names.push_back(strategy.name);
  return names;
}

// Only ticks that decided nothing: not worth a transaction.
bool worth_writing(const Event& event) { return event.kind() != EventKind::tick || event.tick().decisive; }

}  // namespace

JournalStation::JournalStation(const EngineSettings& settings, flow::Receiver in, store::JournalWriter& writer,
                               const store::Reader& reader, EngineStatistics& statistics, flow::Log& log)
    : markets_(settings.markets),
      in_(std::move(in)),
      writer_(writer),
      reader_(reader),
      statistics_(statistics),
      log_(log),
      tape_log_(settings.markets, names_of(settings.strategies), log),
      late_(settings.markets.size()) {
  slice_.reserve(slice_events_max_);
}

JournalStation::~JournalStation() {
  for (Event& event : slice_) event.dispose();
}

bool JournalStation::read_slice() {
  statistics_.journal_queue.set(static_cast<std::int64_t>(in_.was_size()));
  std::size_t read = 0;
  while (slice_.size() < slice_events_max_) {
    const Event* event = in_.front();
    if (event == nullptr) break;
    if (event->kind() == EventKind::probe) {
      statistics_.probes.add();
    } else {
      slice_.push_back(*event);
    }
    in_.pop();
    ++read;
  }
  if (read > 0) in_.release();
  return read > 0;
}

bool JournalStation::discard() {
  const bool read = read_slice();
  for (Event& event : slice_) {
    note_late(event);
    event.dispose();
  }
  slice_.clear();
  return read;
}

flow::Progress JournalStation::poll() {
  const bool read = read_slice();
  const auto last_head = std::find_if(slice_.rbegin(), slice_.rend(), [](const Event& event) { return event.is_head(); });
  const auto count = static_cast<std::size_t>(slice_.rend() - last_head);
  if (count > 0) {
    write_slice(count);
    return flow::Progress::busy;
  }
  // A group larger than a slice (a long catch-up behind one trade): make room for the rest of it.
  if (slice_.size() == slice_events_max_) slice_events_max_ *= 2;
  if (read) return flow::Progress::busy;
  return in_.finished() ? flow::Progress::done : flow::Progress::idle;
}

void JournalStation::write_slice(std::size_t count) {
  const std::span<const Event> groups = std::span(slice_).first(count);
  if (std::any_of(groups.begin(), groups.end(), worth_writing)) {
    const Duration started = flow::monotonic_now();
    if (Result<void> written = writer_.write(groups); !written) return refused(written.error());
    statistics_.commits.add();
    statistics_.commit_latency.record_us((flow::monotonic_now() - started).ns / 1000);
  }
  statistics_.committed_sequence.set(groups.back().sequence);
  after_commit(count);
}

void JournalStation::after_commit(std::size_t count) {
  if (refusals_ > 0) log_.info("the database takes writes again", {{"nothing", "was lost"}});
  refusals_ = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Event& event = slice_[i];
    tape_log_.committed(event);
    revise_where_due(event);
    event.dispose();
  }
  slice_.erase(slice_.begin(), slice_.begin() + static_cast<std::ptrdiff_t>(count));
  slice_events_max_ = slice_events_usual;
}

void JournalStation::note_late(const Event& event) {
  if (event.kind() != EventKind::trade || !event.trade().late) return;
  const Timestamp time = event.trade().time;
  std::optional<candles::TimeRange>& range = late_[index_of(event.market())];
  if (!range) range = candles::TimeRange{time, time + Duration{1}};
  range->from = std::min(range->from, time);
  range->to = std::max(range->to, time + Duration{1});
}

void JournalStation::revise_where_due(const Event& committed) {
  switch (committed.kind()) {
    case EventKind::trade:
      if (committed.trade().late) return note_late(committed);
      return revise_late(markets_[index_of(committed.market())]);
    case EventKind::tick: return revise_late(markets_[index_of(committed.market())]);
    case EventKind::hole_filled: {
      const Market& market = markets_[index_of(committed.market())];
      late_[index_of(market.id)].reset();  // they are what has filled it
      return tell_revised(market, revise_hole(reader_, writer_, market, committed.hole()));
    }
    default: return;
  }
}

void JournalStation::revise_late(const Market& market) {
  std::optional<candles::TimeRange>& range = late_[index_of(market.id)];
  if (!range) return;
  const candles::TimeRange due = *range;
  range.reset();
  tell_revised(market, revise_candles(reader_, writer_, market, due.from, due.to));
}

void JournalStation::settle() {
  for (const Market& market : markets_) revise_late(market);
}

void JournalStation::tell_revised(const Market& market, const Result<std::int64_t>& revised) {
  if (!revised) {
    log_.error("candles could not be revised", {{"market", market.name()}, {"why", revised.error().message}});
  } else if (*revised > 0) {
    log_.info("candles revised", {{"market", market.name()}, {"candles", std::to_string(*revised)}});
  }
}

void JournalStation::refused(const Error& error) {
  statistics_.commit_failures.add();
  if (error.remedy == Remedy::fatal) {
    log_.error("the database is damaged", {{"why", error.message}, {"next", "stop, copy the file away, and run sqlite3 FILE .recover"}});
    invariant_failed("the database is damaged");
  }
  if (refusals_++ % refusals_per_log_line == 0) {
    log_.error("cannot write", {{"why", error.message}, {"next", "trying again; the feed waits meanwhile, nothing is dropped"}});
  }
  if (in_.finished() && refusals_ > refusals_at_end_max) {
    log_.error("stopping without the last events", {{"events", std::to_string(slice_.size())}, {"next", "they are fetched again at the next start"}});
    gave_up_ = true;
    for (Event& event : slice_) event.dispose();
    slice_.clear();
    return;
  }
  flow::pause(pause_after_refusal);
}

}  // namespace candled::engine
