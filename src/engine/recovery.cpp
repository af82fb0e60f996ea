#include "engine/recovery.hpp"

#include <algorithm>
#include <utility>

#include "candled/domain/state_archive.hpp"
#include "engine/ledger_check.hpp"
#include "engine/replay.hpp"
#include "engine/station.hpp"

namespace candled::engine {
namespace {

// A takeover with its model, or the event as it was; nothing where the model is gone.
std::optional<Event> event_of(store::RecordedEvent& recorded, const LoadModel& load_model, flow::Log& log) {
  if (recorded.model.empty()) return std::move(recorded.event);
  Result<std::shared_ptr<const Predictor>> predictor = load_model(recorded.model);
  if (!predictor) {
    log.warning("a model of the replayed stretch cannot be loaded", {{"why", predictor.error().message}});
    return std::nullopt;
  }
  Event event = Event::of(std::make_unique<Takeover>(*predictor));
  event.sequence = recorded.event.sequence;
  return event;
}

}  // namespace

Result<std::size_t> Recovery::run() {
  read();
  if (usable_ && settings_changed() && last_run_ && position_.last_sequence > position_.checkpoint_sequence) {
    if (Result<void> moved = replay_with_settings_of(*last_run_); !moved) {
      loans_.log.warning("the settings of the last run cannot be used", {{"why", moved.error().message},
                                                                         {"next", "its last events are replayed with today's"}});
    }
  }
  if (Result<void> loaded = load(); !loaded) return std::unexpected(loaded.error());
  replay();
  if (Result<void> checked = check_accounts(); !checked) return std::unexpected(checked.error());
  if (Result<void> noted = note_run(); !noted) return std::unexpected(noted.error());
  return replayed_;
}

void Recovery::read() {
  position_ = loans_.reader.position();
  last_run_ = loans_.reader.last_run();
  checkpoint_.states = loans_.reader.checkpoint_states();
  const Result<void> usable = MarketLine::check(loans_.settings, checkpoint_);
  usable_ = usable.has_value();
  if (usable_) return;
  loans_.log.warning("the checkpoint cannot be used", {{"database", loans_.settings.database.string()},
                                                       {"why", usable.error().message},
                                                       {"next", "replaying the record from its beginning, which takes longer"}});
  checkpoint_.states.clear();
  position_.checkpoint_sequence = 0;
}

bool Recovery::settings_changed() const {
  return !last_run_ || last_run_->config != loans_.settings.config || last_run_->version != loans_.settings.version;
}

// Moves the checkpoint to the end of the record.
Result<void> Recovery::replay_with_settings_of(const store::RunRecord& run) {
  if (run.config == loans_.settings.config) return {};  // of another version only
  if (!past_.settings_of) return refuse("they are not known");
  const Result<EngineSettings> settings = past_.settings_of(run.config);
  if (!settings) return std::unexpected(settings.error());
  const LoadModel load_model = past_.models_of(*settings);
  const store::Reader reader(loans_.settings.database, settings->markets);
  std::vector<std::int64_t> last_trade_ids = Head::last_trade_ids(checkpoint_, settings->markets);
  std::vector<store::RecordedEvent> events = reader.events_behind(position_.checkpoint_sequence, last_trade_ids);
  Replay replay(*settings, [](const Event&) {});  // all of it is stored
  Result<std::vector<std::string>> loaded = replay.load(checkpoint_, position_.checkpoint_sequence, reader, load_model, loans_.log);
  if (!loaded) return std::unexpected(loaded.error());
  for (store::RecordedEvent& recorded : events) {
    std::optional<Event> event = event_of(recorded, load_model, loans_.log);
    if (!event) continue;
    if (event->kind() == EventKind::trade) {
      std::int64_t& last = last_trade_ids[index_of(event->market())];
      last = std::max(last, event->trade().id);
    }
    replay.push(std::move(*event));
  }
  Checkpoint moved = replay.checkpoint();
  Head::save(moved, settings->markets, last_trade_ids);
  append(moved, states_of_others(checkpoint_, moved));
  for (const std::string& market : *loaded) anew_.push_back(state_name("features", market));
  checkpoint_ = std::move(moved);
  position_.checkpoint_sequence = position_.last_sequence;
  replayed_ = events.size();
  return {};
}

Result<void> Recovery::load() {
  Result<std::vector<std::string>> rebuilt =
      loans_.line.load(checkpoint_, position_.checkpoint_sequence, loans_.reader, load_model_, loans_.log);
  if (!rebuilt) return std::unexpected(rebuilt.error());
  for (const std::string& market : *rebuilt) anew_.push_back(state_name("features", market));
  last_trade_ids_ = Head::last_trade_ids(checkpoint_, loans_.settings.markets);
  Checkpoint own;
  loans_.head.save(own);
  loans_.line.save(own);
  loans_.head.carry(states_of_others(checkpoint_, own));
  return {};
}

void Recovery::replay() {
  std::vector<store::RecordedEvent> events = loans_.reader.events_behind(position_.checkpoint_sequence, last_trade_ids_);
  loans_.head.resume_behind(position_.checkpoint_sequence, last_trade_ids_);
  for (store::RecordedEvent& recorded : events) {
    std::optional<Event> event = event_of(recorded, load_model_, loans_.log);
    if (!event) continue;
    if (loans_.head.full()) loans_.drain();
    loans_.head.replay(std::move(*event));
  }
  loans_.drain();
  replayed_ += events.size();
  // The record may begin behind what features look back at (imported candles, pruned trades).
  if (!usable_) loans_.line.rebuild_features(loans_.reader, position_.last_sequence);
  loans_.head.resume_numbering(position_.last_sequence);
}

// Accounts that were replayed from the beginning of the record, with today's settings and what is left of the trades, may have become
// others; the stored fills are facts, so such accounts begin anew.
Result<void> Recovery::check_accounts() {
  for (const Market& market : loans_.settings.markets) {
    Result<void> checked = check_ledgers(market, loans_.line.trading(), loans_.reader);
    if (checked) continue;
    if (usable_) return checked;
    loans_.log.warning("paper accounts begin anew", {{"market", market.name()}, {"why", "the record no longer tells how they came about"}});
    loans_.line.trading().begin_anew(market.id);
  }
  return {};
}

Result<void> Recovery::note_run() {
  if (!settings_changed() && anew_.empty() && usable_) return {};
  Checkpoint states;
  loans_.head.save(states);
  loans_.line.save(states);
  append(states, loans_.head.carried());
  store::RunRecord run{position_.last_sequence, loans_.settings.version, loans_.settings.config, {}};
  for (auto& [station, state] : states.states) {
    const bool anew = !usable_ || std::ranges::find(anew_, station) != anew_.end();
    run.states.push_back({station, std::move(state), anew});
  }
  return loans_.writer.record_run(run);
}

}  // namespace candled::engine
