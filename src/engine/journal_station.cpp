#include "engine/journal_station.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <span>
#include <utility>

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "engine/feature_task.hpp"
#include "engine/log_task.hpp"
#include "engine/migration_task.hpp"
#include "engine/retention_task.hpp"
#include "engine/revision_task.hpp"

namespace candled::engine {
namespace {

constexpr Duration pause_after_refusal = Duration::milliseconds(200);
constexpr Duration log_line_every = Duration::seconds(5);  // while the disk is full
// Where giving up is allowed: a stop must not hang on a full disk, or on a lock, for which each write waits a while itself.
constexpr Duration refused_max = Duration::seconds(3);
constexpr Duration look_every = Duration::seconds(1);

// Only watermarks that decided nothing: not worth a transaction.
bool worth_writing(const Event& event) { return event.kind() != EventKind::watermark || event.watermark().decisive; }

BackgroundTasks::List tasks_of(const EngineSettings& settings, store::JournalWriter& writer,
                               const store::Reader& reader, store::Retention& retention, flow::Log& log) {
  BackgroundTasks::List tasks;
  tasks.push_back(std::make_unique<RevisionTask>(settings.markets, reader, writer, log));
  tasks.push_back(std::make_unique<LogTask>(retention, log));
  tasks.push_back(std::make_unique<MigrationTask>(settings.database, log));
  tasks.push_back(std::make_unique<RetentionTask>(settings, reader, retention, log));
  tasks.push_back(std::make_unique<FeatureTask>(settings, reader, writer, log));
  return tasks;
}

}  // namespace

JournalStation::JournalStation(const EngineSettings& settings, flow::Receiver in, Observed observed,
                               store::JournalWriter& writer, const store::Reader& reader, EngineStatistics& statistics,
                               flow::Log& log)
    : in_(std::move(in)),
      observed_(std::move(observed)),
      writer_(writer),
      statistics_(statistics),
      log_(log),
      database_(settings.database.string()),
      retention_(settings.database, settings.markets),
      tasks_(tasks_of(settings, writer, reader, retention_, log)),
      explainer_(settings.contributions) {
  slice_.reserve(slice_events_max);
}

void JournalStation::begin(std::shared_ptr<const Predictor> predictor) {
  tasks_.finish();
  tasks_.begin();
  explainer_.resume(std::move(predictor));
}

bool JournalStation::read_slice() {
  statistics_.journal_queue.set(static_cast<std::int64_t>(in_.was_size()));
  std::size_t read = 0;
  while (slice_.size() < slice_events_max) {
    std::optional<Event> event = in_.pop();
    if (!event) break;
    if (event->kind() == EventKind::probe) {
      statistics_.probes.add();
    } else {
      slice_.push_back(std::move(*event));
    }
    ++read;
  }
  if (read > 0) in_.release();
  return read > 0;
}

bool JournalStation::discard() {
  const bool read = read_slice();
  slice_.clear();
  return read;
}

// What the file, a task or the machine throws ends the run, and not the process: start-up is recovery.
flow::Progress JournalStation::poll() {
  try {
    return poll_file();
  } catch (const std::exception& error) {
    give_up(flow::reason_of(error));
    return flow::Progress::busy;
  }
}

flow::Progress JournalStation::poll_file() {
  if (gave_up_.raised()) {  // what follows a loss must not be written either: the next start fetches all of it
    const bool dropped = discard();
    return dropped ? flow::Progress::busy : in_.finished() ? done() : flow::Progress::idle;
  }
  const bool read = read_slice();
  const auto last_head =
      std::find_if(slice_.rbegin(), slice_.rend(), [](const Event& event) { return event.is_head(); });
  const auto count = static_cast<std::size_t>(slice_.rend() - last_head);
  if (count > 0) {
    write_slice(count);
    return flow::Progress::busy;
  }
  // A group larger than a slice (a long catch-up behind one trade): its candles are written as they come. A crash in front of
  // its head event makes them again, the same.
  if (slice_.size() == slice_events_max) {
    write_slice(slice_.size());
    return flow::Progress::busy;
  }
  if (read || file_is_gone()) return flow::Progress::busy;
  if (in_.finished()) {
    tasks_.finish();
    return done();
  }
  return tasks_.step_idle() ? flow::Progress::busy : flow::Progress::idle;
}

flow::Progress JournalStation::done() {
  observed_.out.close();
  return flow::Progress::done;
}

void JournalStation::write_slice(std::size_t count) {
  const std::span<Event> groups = std::span(slice_).first(count);
  if (std::any_of(groups.begin(), groups.end(), worth_writing)) {
    explainer_.explain(groups.subspan(std::min(explained_, count)));
    explained_ = std::max(explained_, count);
    const Duration started = flow::monotonic_now();
    if (Result<void> written = writer_.write(groups); !written) return refused(written.error(), started);
    statistics_.commits.add();
    statistics_.commit_latency.record_us((flow::monotonic_now() - started).ns / 1000);
  }
  if (groups.back().is_head()) statistics_.committed_sequence.set(groups.back().sequence);
  if (refused_since_) log_.info("the database takes writes again", {{"nothing", "was lost"}});
  refused_since_.reset();
  notify(count);
  if (!file_is_gone()) tasks_.step_behind_commit();
}

void JournalStation::count_delay(const Event& committed) {
  if (committed.kind() != EventKind::candle || committed.report().cause_received_us == 0) return;  // 0: replayed
  statistics_.receipt_to_commit.record_us(
      static_cast<std::uint32_t>(flow::monotonic_us() - committed.report().cause_received_us));
}

// Never waits: what finds the observers' queue full is counted and dropped.
void JournalStation::notify(std::size_t count) {
  for (Event& event : std::span(slice_).first(count)) {
    count_delay(event);
    tasks_.committed(event);
    if (observed_.kinds.has(event.kind()) && !observed_.out.try_push(std::move(event))) statistics_.unobserved.add();
  }
  observed_.out.flush();
  slice_.erase(slice_.begin(), slice_.begin() + static_cast<std::ptrdiff_t>(count));
  explained_ -= std::min(explained_, count);
}

void JournalStation::give_up(std::string why) {
  if (!gave_up_.raised()) given_up_for_ = std::move(why);
  gave_up_.raise();
  slice_.clear();
}

// The path holds another file, or none: what is written is lost.
bool JournalStation::file_is_gone() {
  const Duration now = flow::monotonic_now();
  if (now - looked_at_ < look_every) return false;
  looked_at_ = now;
  if (!retention_.has_moved()) return false;
  give_up(fmt::format("database {} is gone from its path: deleted, moved or replaced while this process wrote it",
                      database_));
  return true;
}

void JournalStation::refused(const Error& error, Duration started) {
  statistics_.commit_failures.add();
  if (error.remedy == Remedy::fatal) return give_up(error.message);
  const bool waits_for_room = !may_give_up_.raised();
  const Duration now = flow::monotonic_now();
  const bool first = !refused_since_;
  if (first) refused_since_ = started;
  if (waits_for_room && (first || now - told_refused_ >= log_line_every)) {
    told_refused_ = now;
    log_.error("cannot write",
               {{"why", error.message}, {"next", "trying again; the feed waits meanwhile, nothing is dropped"}});
  }
  statistics_.probes.add();  // the station lives: a watchdog's restart does not make room on a disk
  if (!waits_for_room && now - *refused_since_ >= refused_max) return give_up(error.message);
  flow::pause(pause_after_refusal);
}

}  // namespace candled::engine
