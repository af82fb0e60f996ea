#include "engine/journal_station.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "candled/engine/revision.hpp"

namespace candled::engine {
namespace {

constexpr Duration pause_after_refusal = Duration::milliseconds(200);
constexpr int refusals_per_log_line = 25;    // one line each 5 s while the disk is full
constexpr int refusals_max = 15;             // 3 s, where giving up is allowed: a stop must not hang on a full disk

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
      keep_(settings.keep),
      in_(std::move(in)),
      writer_(writer),
      reader_(reader),
      statistics_(statistics),
      log_(log),
      tape_log_(settings.markets, names_of(settings.strategies), log),
      revision_due_(settings.markets.size(), 0),
      explainer_(settings.contributions),
      database_(settings.database.string()),
      caretaker_(settings, reader, log) {
  slice_.reserve(slice_events_max);
}

JournalStation::~JournalStation() {
  for (Event& event : slice_) event.dispose();
}

bool JournalStation::read_slice() {
  statistics_.journal_queue.set(static_cast<std::int64_t>(in_.was_size()));
  std::size_t read = 0;
  while (slice_.size() < slice_events_max) {
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
  for (Event& event : slice_) event.dispose();
  slice_.clear();
  return read;
}

flow::Progress JournalStation::poll() {
  if (gave_up_.raised()) {  // what follows a loss must not be written either: the next start fetches all of it
    const bool dropped = discard();
    return dropped ? flow::Progress::busy : in_.finished() ? flow::Progress::done : flow::Progress::idle;
  }
  const bool read = read_slice();
  const auto last_head = std::find_if(slice_.rbegin(), slice_.rend(), [](const Event& event) { return event.is_head(); });
  const auto count = static_cast<std::size_t>(slice_.rend() - last_head);
  if (count > 0) {
    write_slice(count);
    return flow::Progress::busy;
  }
  // A group larger than a slice (a long catch-up behind one trade): its candles are written as they come. A crash in front of
  // its head event makes them anew, the same.
  if (slice_.size() == slice_events_max) {
    write_slice(slice_.size());
    return flow::Progress::busy;
  }
  if (read) return flow::Progress::busy;
  if (take_care(true)) return flow::Progress::busy;
  if (gave_up_.raised()) return flow::Progress::busy;
  if (!in_.finished()) return rebuild_features() ? flow::Progress::busy : flow::Progress::idle;
  settle();
  return flow::Progress::done;
}

void JournalStation::write_slice(std::size_t count) {
  const std::span<const Event> groups = std::span(slice_).first(count);
  if (std::any_of(groups.begin(), groups.end(), worth_writing)) {
    explainer_.explain(groups.subspan(std::min(explained_, count)));
    explained_ = std::max(explained_, count);
    const Duration started = flow::monotonic_now();
    if (Result<void> written = writer_.write(groups); !written) return refused(written.error());
    statistics_.commits.add();
    statistics_.commit_latency.record_us((flow::monotonic_now() - started).ns / 1000);
  }
  if (groups.back().is_head()) statistics_.committed_sequence.set(groups.back().sequence);
  after_commit(count);
  take_care(false);
}

void JournalStation::count_delay(const Event& committed) {
  if (committed.kind() != EventKind::candle || committed.report().cause_received_us == 0) return;  // 0: replayed
  statistics_.receipt_to_commit.record_us(static_cast<std::uint32_t>(flow::monotonic_us() - committed.report().cause_received_us));
}

void JournalStation::after_commit(std::size_t count) {
  if (refusals_ > 0) log_.info("the database takes writes again", {{"nothing", "was lost"}});
  refusals_ = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Event& event = slice_[i];
    count_delay(event);
    tape_log_.committed(event);
    revise_where_due(event);
    event.dispose();
  }
  slice_.erase(slice_.begin(), slice_.begin() + static_cast<std::ptrdiff_t>(count));
  explained_ -= std::min(explained_, count);
}

// A repair is many late trades in a row: the revision waits for the first event behind them. The writer has noted in the same
// transaction that it is due, so a crash in between is made up for by settle().
void JournalStation::revise_where_due(const Event& committed) {
  std::uint8_t& due = revision_due_[index_of(committed.market())];
  switch (committed.kind()) {
    case EventKind::trade:
      if (committed.trade().late) {
        due = 1;
        return;
      }
      break;
    case EventKind::candle:
      if (committed.report().candle.state == CandleState::gap) due = 1;
      return;
    case EventKind::hole_filled: {
      const Market& market = markets_[index_of(committed.market())];
      return tell_revised(market, guarded([&] { return revise_hole(reader_, writer_, market, committed.hole()); }));
    }
    case EventKind::tick: break;
    default: return;
  }
  if (due) revise(markets_[index_of(committed.market())]);
}

void JournalStation::revise(const Market& market) {
  revision_due_[index_of(market.id)] = 0;
  tell_revised(market, guarded([&]() -> Result<std::int64_t> {
                 const std::optional<store::Reader::TimeSpan> span = reader_.revision_due(market.id);
                 if (!span) return 0;
                 Result<std::int64_t> count = revise_candles(reader_, writer_, market, span->from, span->to);
                 if (!count) return count;
                 if (Result<void> noted = writer_.revision_done(market.id); !noted) return std::unexpected(noted.error());
                 return count;
               }));
}

void JournalStation::settle() {
  for (const Market& market : markets_) revise(market);
}

void JournalStation::find_other_lists() {
  for (const Market& market : markets_) {
    if (reader_.rows_are_of(market.id, writer_.feature_list(market.id).hash)) continue;
    log_.info("feature rows are of another list", {{"market", market.name()}, {"next", "made anew in the background"}});
    rebuilds_.push_back(FeatureRebuild::of_all(reader_, writer_, market, kept_from(keep_.features, reader_.last_candle_open_time(market.id), market.interval)));
  }
}

void JournalStation::find_revised_rows() {
  for (const Market& market : markets_) {
    const std::optional<Timestamp> due = writer_.take_features_due(market.id);
    if (!due) continue;
    const Timestamp kept = kept_from(keep_.features, reader_.last_candle_open_time(market.id), market.interval);
    rebuilds_.push_back(FeatureRebuild::of_revised(reader_, writer_, market, std::max(*due, kept)));
  }
}

// A slice takes some milliseconds, so events that come meanwhile hardly wait.
bool JournalStation::rebuild_features() {
  constexpr std::size_t candles_per_slice = 200;
  constexpr Duration told_every = Duration::seconds(5);
  const Result<std::int64_t> more = guarded([&]() -> Result<std::int64_t> {
    if (rebuilds_.empty()) find_revised_rows();
    if (rebuilds_.empty()) return 0;
    return rebuilds_.back().step(candles_per_slice);
  });
  if (rebuilds_.empty()) return false;
  const FeatureRebuild& rebuild = rebuilds_.back();
  const Duration now = flow::monotonic_now();
  if (rebuild_told_.ns == 0) rebuild_told_ = now;
  if (!more) {
    if (now - rebuild_told_ >= told_every) log_.warning("feature rows cannot be written", {{"why", more.error().message}, {"next", "trying again"}});
    rebuild_told_ = now;
    return false;
  }
  if (*more ? now - rebuild_told_ >= told_every : rebuild.rows() > 0) {
    log_.info(*more ? "feature rows being made" : "feature rows made anew",
              {{"market", rebuild.market().name()}, {"done", fmt::format("{:.0f}%", 100 * rebuild.part_done())}, {"rows", std::to_string(rebuild.rows())}});
    rebuild_told_ = now;
  }
  if (*more) return true;
  rebuilds_.pop_back();
  rebuild_told_ = {};
  return true;
}

Result<std::int64_t> JournalStation::guarded(const std::function<Result<std::int64_t>()>& work) {
  try {
    return work();
  } catch (const store::StoreError& error) {
    return retry(error.what());
  }
}

void JournalStation::tell_revised(const Market& market, const Result<std::int64_t>& revised) {
  if (!revised) {
    log_.error("candles could not be revised", {{"market", market.name()}, {"why", revised.error().message}, {"next", "again at the next start"}});
  } else if (*revised > 0) {
    log_.info("candles revised", {{"market", market.name()}, {"candles", std::to_string(*revised)}});
  }
}

void JournalStation::give_up(std::string why) {
  given_up_for_ = std::move(why);
  gave_up_.raise();
  for (Event& event : slice_) event.dispose();
  slice_.clear();
}

// True when there is more to do at once.
bool JournalStation::take_care(bool pausing) {
  const bool more = caretaker_.work(pausing);
  if (!caretaker_.file_is_lost()) return more;
  give_up(fmt::format("database {} is gone from its path: deleted, moved or replaced while this process wrote it", database_));
  return false;
}

void JournalStation::refused(const Error& error) {
  statistics_.commit_failures.add();
  if (error.remedy == Remedy::fatal) {
    log_.error("the database is damaged", {{"why", error.message}, {"next", "stop, copy the file away, and run sqlite3 FILE .recover"}});
    invariant_failed("the database is damaged");
  }
  const bool waits_for_room = !may_give_up_.raised();
  if (refusals_++ % refusals_per_log_line == 0 && waits_for_room) {
    log_.error("cannot write", {{"why", error.message}, {"next", "trying again; the feed waits meanwhile, nothing is dropped"}});
  }
  statistics_.probes.add();  // the station lives: a watchdog's restart does not make room on a disk
  if (!waits_for_room && refusals_ > refusals_max) return give_up(error.message);
  flow::pause(pause_after_refusal);
}

}  // namespace candled::engine
