#include "engine/recovery.hpp"

#include <algorithm>
#include <utility>

#include "candled/domain/state_archive.hpp"
#include "candled/store/record_stream.hpp"
#include "engine/ledger_check.hpp"
#include "engine/replay.hpp"
#include "engine/station.hpp"

namespace candled::engine {
namespace {

constexpr std::int64_t events_per_look = 20'000;

// A model swap with its model, or the event as it was; nothing where the model is gone.
std::optional<Event> event_of(store::RecordedEvent& recorded, const LoadModel& load_model, flow::Log& log) {
  if (recorded.model.empty()) return std::move(recorded.event);
  Result<std::shared_ptr<const Predictor>> predictor = load_model(recorded.model);
  if (!predictor) {
    log.warning("a model of the replayed stretch cannot be loaded", {{"why", predictor.error().message}});
    return std::nullopt;
  }
  Event event = Event::of(std::make_unique<ModelSwap>(*predictor));
  event.sequence = recorded.event.sequence;
  return event;
}

}  // namespace

Result<std::int64_t> Recovery::run() {
  read();
  if (usable_ && settings_changed() && last_run_ && position_.last_sequence > position_.checkpoint_sequence) {
    if (Result<void> moved = replay_with_settings_of(*last_run_); !moved) {
      dependencies_.log.warning(
          "the settings of the last run cannot be used",
          {{"why", moved.error().message}, {"next", "its last events are replayed with today's"}});
    }
  }
  if (stopped_) return replayed_;
  if (Result<void> loaded = load(); !loaded) return std::unexpected(loaded.error());
  replay();
  if (stopped_) return replayed_;
  if (Result<void> checked = check_accounts(); !checked) return std::unexpected(checked.error());
  if (Result<void> noted = note_run(); !noted) return std::unexpected(noted.error());
  return replayed_;
}

void Recovery::read() {
  position_ = stored_.position();
  last_run_ = stored_.last_run();
  checkpoint_.states = stored_.states();
  const Result<void> usable = MarketLine::check(dependencies_.settings, checkpoint_);
  usable_ = usable.has_value();
  if (usable_) return;
  dependencies_.log.warning("the checkpoint cannot be used",
                            {{"database", dependencies_.settings.database.string()},
                             {"why", usable.error().message},
                             {"next", "replaying the record from its beginning, which takes longer"}});
  checkpoint_.states.clear();
  position_.checkpoint_sequence = 0;
}

bool Recovery::settings_changed() const {
  return !last_run_ || last_run_->config != dependencies_.settings.config ||
         last_run_->version != dependencies_.settings.version;
}

// Moves the checkpoint to the end of the record.
Result<void> Recovery::replay_with_settings_of(const store::RunRecord& run) {
  if (run.config == dependencies_.settings.config) return {};  // of another version only
  if (!past_.settings_of) return refuse("they are not known");
  const Result<EngineSettings> settings = past_.settings_of(run.config);
  if (!settings) return std::unexpected(settings.error());
  const LoadModel load_model = past_.models_of(*settings);
  const store::Reader reader(dependencies_.settings.database, settings->markets);
  std::vector<std::int64_t> last_trade_ids = Head::last_trade_ids(checkpoint_, settings->markets);
  const std::vector<std::int64_t> ids_at_checkpoint = last_trade_ids;
  Replay replay(*settings, [](const Event&) {});  // all of it is stored
  Result<std::vector<std::string>> loaded =
      replay.load(checkpoint_, position_.checkpoint_sequence, reader, load_model, dependencies_.log);
  if (!loaded) return std::unexpected(loaded.error());
  each_event(settings->markets, ids_at_checkpoint, load_model, [&](Event event) {
    if (event.kind() == EventKind::trade) {
      std::int64_t& last = last_trade_ids[index_of(event.market())];
      last = std::max(last, event.trade().id);
    }
    replay.push(std::move(event));
  });
  if (stopped_) return {};
  Checkpoint moved = replay.checkpoint();
  Head::save(moved, settings->markets, last_trade_ids);
  append(moved, states_of_others(checkpoint_, moved));
  for (const std::string& market : *loaded) reset_.push_back(state_name("features", market));
  checkpoint_ = std::move(moved);
  position_.checkpoint_sequence = position_.last_sequence;
  return {};
}

// The recorded events after the checkpoint; one of a model that is gone is left out. Sets stopped_ where the watch ends it.
void Recovery::each_event(const MarketTable& markets, const std::vector<std::int64_t>& last_trade_ids,
                          const LoadModel& load_model, const std::function<void(Event event)>& visit) {
  const std::int64_t begin = position_.checkpoint_sequence,
                     length = std::max<std::int64_t>(1, position_.last_sequence - begin);
  ReplayProgress progress;
  const auto look = [&] {
    if (watch_.tell) watch_.tell(progress);
    stopped_ = watch_.stop && watch_.stop();
    return !stopped_;
  };
  store::RecordStream events(dependencies_.settings.database, markets, {begin, last_trade_ids}, [&](std::int64_t rows) {
    progress.rows = rows;
    return look();
  });
  while (std::optional<store::RecordedEvent> recorded = events.next()) {
    const std::int64_t sequence = recorded->event.sequence;
    if (std::optional<Event> event = event_of(*recorded, load_model, dependencies_.log)) visit(std::move(*event));
    ++replayed_;
    if (++progress.events % events_per_look != 0) continue;
    progress.part_done = static_cast<double>(sequence - begin) / static_cast<double>(length);
    if (!look()) return;
  }
}

Result<void> Recovery::load() {
  Result<std::vector<std::string>> rebuilt = dependencies_.line.load(
      checkpoint_, position_.checkpoint_sequence, dependencies_.reader, load_model_, dependencies_.log);
  if (!rebuilt) return std::unexpected(rebuilt.error());
  for (const std::string& market : *rebuilt) reset_.push_back(state_name("features", market));
  last_trade_ids_ = Head::last_trade_ids(checkpoint_, dependencies_.settings.markets);
  Checkpoint own;
  dependencies_.head.save(own);
  dependencies_.line.save(own);
  dependencies_.head.carry(states_of_others(checkpoint_, own));
  return {};
}

void Recovery::replay() {
  dependencies_.head.resume_behind(position_.checkpoint_sequence, last_trade_ids_);
  each_event(dependencies_.settings.markets, last_trade_ids_, load_model_, [&](Event event) {
    if (dependencies_.head.full()) dependencies_.drain();
    dependencies_.head.replay(std::move(event));
  });
  dependencies_.drain();
  if (stopped_) return;
  // The record may begin behind what features look back at (imported candles, pruned trades).
  if (!usable_) dependencies_.line.rebuild_features(dependencies_.reader, position_.last_sequence);
  dependencies_.head.resume_numbering(position_.last_sequence);
}

// Accounts that were replayed from the beginning of the record, with today's settings and what is left of the trades, may have become
// others; the stored fills are facts, so such accounts starts again.
Result<void> Recovery::check_accounts() {
  for (const Market& market : dependencies_.settings.markets) {
    Result<void> checked = check_ledgers(market, dependencies_.line.trading(), stored_);
    if (checked) continue;
    if (usable_) return checked;
    dependencies_.log.warning("paper accounts begin anew",
                              {{"market", market.name()}, {"why", "the record no longer tells how they came about"}});
    dependencies_.line.trading().reset(market.id);
  }
  return {};
}

Result<void> Recovery::note_run() {
  if (!settings_changed() && reset_.empty() && usable_) return {};
  Checkpoint states;
  dependencies_.head.save(states);
  dependencies_.line.save(states);
  append(states, dependencies_.head.carried());
  store::RunRecord run{position_.last_sequence, dependencies_.settings.version, dependencies_.settings.config, {}};
  for (auto& [station, state] : states.states) {
    const bool reset = !usable_ || std::ranges::find(reset_, station) != reset_.end();
    run.states.push_back({station, std::move(state), reset});
  }
  return dependencies_.writer.record_run(run);
}

}  // namespace candled::engine
