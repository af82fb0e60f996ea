#include "candled/engine/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "engine/comparison.hpp"
#include "engine/replay.hpp"

namespace candled::engine {
namespace {

constexpr std::int64_t events_per_look = 20'000;

// Drives one replay from the first recorded event to the last, restarting it where the live run was restarted with other settings.
class Verification {
 public:
  Verification(store::Recording& recording, const store::Reader& reader, const VerifyRequest& request, flow::Log& log)
      : recording_(recording), reader_(reader), request_(request), log_(log), runs_(recording.runs()), comparison_(recording, report_) {
    if (runs_.empty()) runs_.emplace_back();
  }

  Result<VerifyReport> run();

 private:
  Result<void> start(const store::RunRecord& run, Checkpoint checkpoint);
  Result<void> restart_where_due(std::int64_t sequence);
  Result<void> push(const store::RecordedEvent& recorded);
  void count_missing();

  store::Recording& recording_;
  const store::Reader& reader_;
  const VerifyRequest& request_;
  flow::Log& log_;
  std::vector<store::RunRecord> runs_;
  std::size_t run_ = 0;
  VerifyReport report_;
  Comparison comparison_;
  EngineSettings settings_;
  std::unique_ptr<Replay> replay_;
};

Result<void> Verification::start(const store::RunRecord& run, Checkpoint checkpoint) {
  Result<EngineSettings> settings = run.config.empty() ? request_.settings : request_.settings_of(run.config);
  if (!settings) return refuse(fmt::format("the settings of the run from event {} on cannot be used: {}", run.sequence + 1, settings.error().message));
  settings_ = std::move(*settings);
  comparison_.use(settings_);
  std::erase_if(checkpoint.states, [&](const auto& state) {
    return std::ranges::any_of(run.rebuilt, [&](const std::string& market) { return state.first == state_name("features", market); });
  });
  replay_ = std::make_unique<Replay>(settings_, [this](const Event& event) { comparison_.see(event); });
  Result<std::vector<std::string>> loaded = replay_->load(checkpoint, run.sequence, reader_, request_.load_model, log_);
  if (!loaded) return std::unexpected(loaded.error());
  ++report_.runs;
  return {};
}

Result<void> Verification::restart_where_due(std::int64_t sequence) {
  while (run_ + 1 < runs_.size() && sequence > runs_[run_ + 1].sequence) {
    Checkpoint checkpoint = replay_->checkpoint();
    replay_.reset();
    if (Result<void> started = start(runs_[++run_], std::move(checkpoint)); !started) return started;
  }
  return {};
}

Result<void> Verification::push(const store::RecordedEvent& recorded) {
  ++report_.head_events;
  if (recorded.model.empty()) {
    replay_->push(recorded.made());
    return {};
  }
  Result<std::shared_ptr<const Predictor>> predictor = request_.load_model(recorded.model);
  if (!predictor) return refuse(fmt::format("model {} took over at event {} and cannot be loaded: {}", recorded.model, recorded.event.sequence, predictor.error().message));
  Event event = Event::of(new Takeover{*predictor, std::nullopt});  // the replay frees it
  event.sequence = recorded.event.sequence;
  replay_->push(event);
  ++report_.takeovers;
  return {};
}

// A row that a head event made and the replay did not.
void Verification::count_missing() {
  const store::RecordedCounts recorded = recording_.counts();
  auto count = [&](FactCount& fact, std::int64_t rows, std::int64_t elsewhere, const char* what) {
    fact.missing = std::max<std::int64_t>(0, rows - fact.compared - elsewhere);
    if (fact.missing == 0) return;
    if (report_.first_difference.empty()) report_.first_difference = fmt::format("{} {} are recorded that the replay does not make", fact.missing, what);
    report_.differences += fact.missing;
  };
  count(report_.candles, recorded.candles, report_.revised_candles, "candles");
  count(report_.features, recorded.features, 0, "feature rows");
  count(report_.predictions, recorded.predictions, 0, "predictions");
  count(report_.fills, recorded.fills, 0, "fills");
  count(report_.equity_points, recorded.equity_points, 0, "equity points");
}

Result<VerifyReport> Verification::run() {
  if (Result<void> started = start(runs_.front(), {}); !started) return std::unexpected(started.error());
  while (const std::optional<store::RecordedEvent> recorded = recording_.next()) {
    if (Result<void> restarted = restart_where_due(recorded->event.sequence); !restarted) return std::unexpected(restarted.error());
    if (Result<void> pushed = push(*recorded); !pushed) return std::unexpected(pushed.error());
    if (report_.head_events % events_per_look != 0) continue;
    if (request_.stop && request_.stop()) return std::unexpected(refuse("stopped before the end of the record").error());
    if (request_.progress) request_.progress(recorded->event.sequence);
  }
  replay_->drain();
  count_missing();
  replay_.reset();
  return report_;
}

}  // namespace

Result<VerifyReport> verify(store::Recording& recording, const store::Reader& reader, const VerifyRequest& request, flow::Log& log) {
  return Verification(recording, reader, request, log).run();
}

}  // namespace candled::engine
