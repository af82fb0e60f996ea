#include "candled/engine/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "candled/store/feature_lists.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/recording.hpp"
#include "engine/comparison.hpp"
#include "engine/replay.hpp"
#include "engine/station.hpp"
#include "engine/trade_comparison.hpp"

namespace candled::engine {
namespace {

constexpr std::int64_t events_per_look = 20'000;
// Nothing stored is closed by an event up to here: what can't be restored begins with nothing, as it did in the run.
constexpr std::int64_t before_all_events = -1;

// The event to push, as one of the market of this run.
Event as_of(const Event& event, MarketId market) {
  Event made;
  if (event.kind() == EventKind::book) {
    made = Event::of(market, std::make_unique<BookFacts>(event.book()));
  } else if (event.kind() == EventKind::trade) {
    made = Event::of(market, event.trade());
  } else if (event.kind() == EventKind::watermark) {
    made = Event::of(market, event.watermark());
  } else if (event.kind() == EventKind::sequence_gap) {
    made = Event::sequence_gap(market, event.sequence_gap());
  }
  made.sequence = event.sequence;
  return made;
}

// Drives one replay from the first recorded event to the last, restarting it where a run began with other settings or states.
class Verification {
 public:
  Verification(const VerifyRequest& request, flow::Log& log)
      : request_(request),
        log_(log),
        recording_(request.database),
        runs_(recording_.runs()),
        comparison_(recording_, report_) {
    comparison_.know(store::recorded_feature_lists(request.database));
    if (runs_.empty() || runs_.front().sequence > 0) runs_.insert(runs_.begin(), store::RunRecord{});
  }

  Result<VerifyReport> run();

 private:
  Result<void> start(const store::RunRecord& run, Checkpoint checkpoint);
  Result<void> use(EngineSettings settings);
  Result<void> restart_where_due(std::int64_t sequence);
  Result<void> push(store::RecordedEvent recorded);
  Result<void> replay_all();
  Result<void> compare_revised();

  const VerifyRequest& request_;
  flow::Log& log_;
  store::Recording recording_;
  std::vector<store::RunRecord> runs_;
  std::size_t run_ = 0;
  VerifyReport report_;
  Comparison comparison_;
  EngineSettings settings_;
  std::vector<std::optional<MarketId>> in_run_;  // by market of the recording
  LoadModel load_model_;
  Checkpoint others_;  // of markets that the run at hand does not have
  std::unique_ptr<Replay> replay_;
};

// Which market of the record is which of the run.
Result<void> Verification::use(EngineSettings settings) {
  settings_ = std::move(settings);
  load_model_ = request_.past.models_of(settings_);
  const MarketTable& recorded = recording_.markets();
  std::vector<MarketId> in_record;
  in_run_.assign(recorded.size(), std::nullopt);
  for (const Market& market : settings_.markets) {
    const auto found = std::ranges::find(recorded, market.name(), &Market::name);
    if (found == recorded.end()) return refuse(fmt::format("the market {} of a run is not in the file", market.name()));
    in_record.push_back(found->id);
    in_run_[index_of(found->id)] = market.id;
  }
  comparison_.use(settings_, std::move(in_record));
  return {};
}

Result<void> Verification::start(const store::RunRecord& run, Checkpoint checkpoint) {
  Result<EngineSettings> settings = run.config.empty() ? request_.settings : request_.past.settings_of(run.config);
  if (!settings) {
    return refuse(fmt::format("the settings of the run from event {} on (candled {}) cannot be used: {}",
                              run.sequence + 1, run.version, settings.error().message));
  }
  if (Result<void> used = use(std::move(*settings)); !used) return used;
  for (const store::RunState& reset : run.states) {
    std::erase_if(checkpoint.states, [&](const auto& state) { return state.first == reset.station; });
    checkpoint.states.emplace_back(reset.station, reset.state);
  }
  replay_ = std::make_unique<Replay>(settings_, [this](const Event& event) { comparison_.see(event); });
  const store::Reader reader(request_.database, settings_.markets);
  Result<std::vector<std::string>> loaded = replay_->load(checkpoint, before_all_events, reader, load_model_, log_);
  if (!loaded) return std::unexpected(loaded.error());
  others_ = states_of_others(checkpoint, replay_->checkpoint());
  ++report_.runs;
  return {};
}

Result<void> Verification::restart_where_due(std::int64_t sequence) {
  while (run_ + 1 < runs_.size() && sequence > runs_[run_ + 1].sequence) {
    Checkpoint checkpoint = replay_->checkpoint();
    append(checkpoint, others_);
    replay_.reset();
    if (Result<void> started = start(runs_[++run_], std::move(checkpoint)); !started) return started;
  }
  return {};
}

Result<void> Verification::push(store::RecordedEvent recorded) {
  ++report_.head_events;
  const bool of_all_markets = !recorded.model.empty() || recorded.event.kind() == EventKind::pause;
  if (of_all_markets && recorded.model.empty()) {
    ++report_.pauses;
    replay_->push(std::move(recorded.event));
    return {};
  }
  if (!of_all_markets) {
    const std::optional<MarketId> market = in_run_[index_of(recorded.event.market())];
    if (!market) {
      return refuse(fmt::format("event {} is of {}, which the run from event {} on did not have",
                                recorded.event.sequence, recording_.markets()[index_of(recorded.event.market())].name(),
                                runs_[run_].sequence + 1));
    }
    replay_->push(as_of(recorded.event, *market));
    return {};
  }
  Result<std::shared_ptr<const Predictor>> predictor = load_model_(recorded.model);
  if (!predictor) {
    return refuse(fmt::format("model {} took over at event {} and cannot be loaded: {}", recorded.model,
                              recorded.event.sequence, predictor.error().message));
  }
  Event event = Event::of(std::make_unique<ModelSwap>(*predictor));
  event.sequence = recorded.event.sequence;
  replay_->push(std::move(event));
  ++report_.model_swaps;
  return {};
}

Result<void> Verification::replay_all() {
  const std::function<bool()>& stop = request_.stop;
  store::RecordStream events = recording_.events([&](std::int64_t) { return !stop || !stop(); });
  while (std::optional<store::RecordedEvent> recorded = events.next()) {
    const std::int64_t sequence = recorded->event.sequence;
    if (Result<void> restarted = restart_where_due(sequence); !restarted) return restarted;
    if (Result<void> pushed = push(std::move(*recorded)); !pushed) return pushed;
    if (report_.head_events % events_per_look != 0) continue;
    if (stop && stop()) return refuse("stopped before the end of the record");
    if (request_.progress) request_.progress(sequence, recording_.last_sequence());
  }
  if (stop && stop()) return refuse("stopped before the end of the record");
  replay_->drain();
  comparison_.finish();
  replay_.reset();
  return {};
}

Result<void> Verification::compare_revised() {
  store::Reader reader(request_.database, recording_.markets());
  reader.hold();
  for (const Market& market : recording_.markets()) {
    Result<void> compared =
        compare_with_trades(reader, market, report_, [&](Timestamp open_time, const std::string& what) {
          comparison_.tell(report_.revised_candles, market.id, open_time, what);
        });
    if (!compared) return compared;
  }
  return {};
}

Result<VerifyReport> Verification::run() {
  if (recording_.last_sequence() == 0) return refuse("nothing is recorded yet");
  if (const std::string gone = recording_.missing_part(); !gone.empty()) {
    return refuse(fmt::format("{}, so what came of them cannot be replayed", gone));
  }
  if (Result<void> started = start(runs_.front(), {}); !started) return std::unexpected(started.error());
  if (Result<void> replayed = replay_all(); !replayed) return std::unexpected(replayed.error());
  if (Result<void> compared = compare_revised(); !compared) return std::unexpected(compared.error());
  return report_;
}

}  // namespace

Result<VerifyReport> verify(const VerifyRequest& request, flow::Log& log) { return Verification(request, log).run(); }

}  // namespace candled::engine
