#include "candled/engine/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr Duration catch_up_lag = Duration::minutes(10);
constexpr std::int64_t catch_up_candles_per_look = 5;
constexpr std::int64_t retry_after_candles = 10;
constexpr Duration request_look_every = Duration::milliseconds(100);  // within a training
constexpr Duration reload_look_every = Duration::milliseconds(5);
constexpr Duration score_every = Duration::minutes(5);  // of market time
constexpr std::size_t scored_max = 20'000, drift_rows_max = 2'000;
constexpr std::size_t champions_kept = 5;  // that one may want to go back to

std::string percent(double share) { return fmt::format("{:.1f}%", share * 100); }

}  // namespace

Trainer::Trainer(TrainerSettings settings, flow::Sender& control, flow::Log& log, TrainerStatistics& statistics)
    : settings_(std::move(settings)),
      features_(feature_lists(settings_.markets, settings_.features).front()),
      control_(control),
      log_(log),
      statistics_(statistics),
      reader_(std::make_unique<store::Reader>(settings_.database, settings_.markets)),
      models_(std::make_unique<store::ModelReader>(settings_.database)) {}

Trainer::~Trainer() = default;

Result<model::LoadedModel> Trainer::load(const std::string& name, std::optional<Duration> horizon) const {
  return model::load_model(settings_.model_directory.string(), name, {features_.hash, features_.names.size(), horizon});
}

LoadModel Trainer::load_model() const {
  return [this](const std::string& name) -> Result<std::shared_ptr<const Predictor>> {
    Result<model::LoadedModel> loaded = load(name);
    if (!loaded) return std::unexpected(loaded.error());
    return loaded->predictor;
  };
}

void Trainer::choose_first_model(const std::string& running_model) {
  if (const auto removed = model::remove_unfinished(settings_.model_directory.string()); removed && *removed > 0) {
    log_.info("unfinished models removed", {{"count", std::to_string(*removed)}});
  }
  last_attempt_ = models_->newest_created();
  running_ = running_model;
  const std::optional<std::string> champion = models_->champion();
  if (champion && *champion == running_model) return;
  if (champion) {
    Result<model::LoadedModel> loaded = load(*champion);
    if (loaded) return take_over(std::move(*loaded), "");
    const bool runs = !running_model.empty();
    log_.warning("champion refused",
                 {{"why", loaded.error().message},
                  {"next", runs ? "the model that ran last goes on" : "no predictions until the next training"}});
    if (!runs) last_attempt_.reset();
    return;
  }
  if (!running_model.empty()) return;
  const Result<std::vector<std::string>> names = model::list_models(settings_.model_directory.string());
  if (!names) return;
  for (auto name = names->rbegin(); name != names->rend(); ++name) {
    Result<model::LoadedModel> loaded = load(*name);
    if (!loaded || loaded->summary.is_leaking) {
      log_.warning("model passed over", {{"model", *name}, {"why", loaded ? "it is leaking" : loaded.error().message}});
      continue;
    }
    last_attempt_ = loaded->record.created;
    return take_over(std::move(*loaded), "the newest in the model directory, and the database knew of none");
  }
}

void Trainer::work(std::stop_token stop) {
  try {
    const Window window = look();
    do_what_is_asked();
    if (settings_.enabled && is_due(window)) train(window, std::move(stop));
    if (!last_score_ || newest_end_ - *last_score_ >= score_every) score();
  } catch (const std::exception& error) {  // a locked file, or no memory for a training: the running model stays
    log_.warning("training waits", {{"why", error.what()}});
  }
}

Trainer::Window Trainer::look() {
  const Market& market = settings_.markets.front();
  Window window;
  const std::optional<Timestamp> newest = reader_->last_candle_open_time(market.id);
  if (!newest) return window;
  window.newest_end = newest_end_ = *newest + market.interval;
  const Duration moved = window.newest_end - std::exchange(newest_end_before_, window.newest_end);
  const std::optional<Duration> lag = reader_->last_candle_lag(market.id, market.interval);
  window.catching_up = moved > market.interval * catch_up_candles_per_look && lag && *lag > catch_up_lag;
  // Rows that are being rebuilt for another list begin with the oldest: a window of them would be half a window.
  window.catching_up |= !reader_->rows_are_of(market.id, features_.hash);
  // Counting a window of a year takes a tenth of a second: only when a training waits for it.
  if (!window.catching_up && is_time_for_another(window.newest_end))
    window.candles = reader_->candle_count(market.id, window.newest_end - settings_.window, features_.hash);
  return window;
}

bool Trainer::is_time_for_another(Timestamp newest_end) const {
  if (!last_attempt_) return true;
  const Duration wait =
      last_attempt_failed_ ? settings_.markets.front().interval * retry_after_candles : settings_.every;
  return newest_end - *last_attempt_ >= wait;
}

bool Trainer::is_due(const Window& window) const {
  return window.candles >= settings_.minimum_candles && !window.catching_up && is_time_for_another(window.newest_end);
}

// A copy of its own: inference asks the one that runs. Of another horizon it answers another question, so it cannot be beaten.
std::optional<model::LoadedModel> Trainer::champion_to_beat() const {
  if (running_.empty()) return std::nullopt;
  Result<model::LoadedModel> champion = load(running_, settings_.training.horizon);
  if (champion) return std::move(*champion);
  log_.warning("the champion cannot be compared with",
               {{"why", champion.error().message}, {"next", "the new model takes its place"}});
  return std::nullopt;
}

void Trainer::train(const Window& window, std::stop_token stop) {
  last_attempt_ = window.newest_end;
  last_attempt_failed_ = true;
  const Duration started = flow::monotonic_now();
  log_.info("training", {{"market", settings_.markets.front().name()}, {"candles", std::to_string(window.candles)}});
  const std::optional<model::LoadedModel> champion = champion_to_beat();
  const std::string champion_name = running_;
  Result<TrainingRound> trained = round(window, champion ? &*champion : nullptr, stop);
  if (stop.stop_requested()) return;
  if (!trained) {
    statistics_.failures.add();
    log_.warning("training failed",
                 {{"why", trained.error().message}, {"next", "the running model stays; trying again later"}});
    return;
  }
  last_attempt_failed_ = false;
  statistics_.trainings.add();
  statistics_.last_training_ms.set((flow::monotonic_now() - started).ns / 1'000'000);
  settle(std::move(*trained), champion_name);
  prune();
}

Result<TrainingRound> Trainer::round(const Window& window, const model::LoadedModel* champion, std::stop_token stop) {
  const Market& market = settings_.markets.front();
  const Duration started = flow::monotonic_now();
  const model::TrainingRows rows =
      training_rows(reader_->training_rows(market.id, window.newest_end - settings_.window, features_.hash,
                                           features_.names.size(), [&] { return stop.stop_requested(); }),
                    features_, market.interval);
  if (stop.stop_requested()) return retry("training was cancelled");
  RoundSettings settings;
  settings.directory = settings_.model_directory;
  settings.training = settings_.training;
  settings.promote = settings_.promote;
  settings.paper = settings_.paper;
  settings.strategies = settings_.strategies;
  settings.elapsed = [started] { return flow::monotonic_now() - started; };
  return train_round(rows, settings, window.newest_end, champion, [&](const model::Progress&) {
    do_what_is_asked();
    return !stop.stop_requested();
  });
}

void Trainer::settle(TrainingRound round, const std::string& champion) {
  // A person's choice, made while this training ran, stands.
  const bool takes_over = round.decision.promote && running_ == champion;
  const std::string why = running_ == champion ? round.decision.why : "another model was promoted during the training";
  tell(round, takes_over, why);
  if (takes_over) return take_over(std::move(round.loaded), why);
  challenge(std::move(round.loaded.record));
}

void Trainer::tell(const TrainingRound& round, bool takes_over, const std::string& why) const {
  const model::Metrics& m = round.trained.metrics;
  log_.info("model trained",
            {{"model", round.loaded.record.name},
             {"kind", round.loaded.record.kind},
             {"rows", std::to_string(round.trained.training_rows)},
             {"holdout_rows", std::to_string(m.rows)},
             {"accuracy", percent(m.accuracy)},
             {"interval_95", percent(m.accuracy_interval.low) + " to " + percent(m.accuracy_interval.high)},
             {"majority", percent(m.baselines.majority)},
             {"last_direction", percent(m.baselines.last_direction)},
             {"f1", fmt::format("{:.3f}", m.f1)},
             {"took_ms", std::to_string(statistics_.last_training_ms.value())},
             {"next", takes_over ? "takes over" : "stays challenger"},
             {"why", why}});
}

// Between two rounds of a training too: a person who goes back to an older model does not wait for the end of it.
void Trainer::do_what_is_asked() {
  const Duration now = flow::monotonic_now();
  if (now - last_request_look_ < (reload_requested_.raised() ? reload_look_every : request_look_every)) return;
  last_request_look_ = now;
  const Result<std::optional<PromotionRequest>> request = take_promotion_request(settings_.database);
  if (!request) log_.warning("request refused", {{"why", request.error().message}});
  if (request && *request) {
    reload_requested_.take();
    return answer(**request);
  }
  // A model swap that is not committed yet would be undone by what the file still says.
  if (!reload_requested_.raised() || (!running_.empty() && models_->last_model_swap() != running_)) return;
  reload_requested_.take();
  reload();
}

void Trainer::answer(const PromotionRequest& request) {
  Result<model::LoadedModel> loaded = load(request.model);
  if (loaded && request.kind == RequestKind::challenge) return challenge(std::move(loaded->record));
  if (loaded && loaded->summary.is_leaking)
    loaded = refuse(fmt::format("model {} is leaking: it is never promoted", request.model));
  if (!loaded) {
    log_.error("promotion refused", {{"why", loaded.error().message}, {"next", "the running model stays"}});
    return;
  }
  take_over(std::move(*loaded), request.kind == RequestKind::rollback ? rolled_back : promoted_by_hand);
}

void Trainer::reload() {
  statistics_.reloads.add();
  const std::optional<std::string> champion = models_->champion();
  if (!champion) {
    log_.info("nothing to reload", {{"why", "no champion yet"}});
    return;
  }
  Result<model::LoadedModel> loaded = load(*champion);
  if (!loaded) {
    log_.error("champion refused", {{"why", loaded.error().message}, {"next", "the running model stays"}});
    return;
  }
  log_.info("champion reloaded", {{"model", *champion}});
  take_over(std::move(*loaded), "");
}

void Trainer::take_over(model::LoadedModel loaded, std::string why) {
  running_ = loaded.record.name;
  if (!why.empty()) statistics_.promotions.add();
  last_score_.reset();  // of another champion
  push({std::move(loaded.predictor), std::move(loaded.record), std::move(why), newest_end_});
}

void Trainer::challenge(ModelRecord record) { push({nullptr, std::move(record), "", newest_end_}); }

void Trainer::push(ModelSwap model_swap) {
  control_.push(Event::of(std::make_unique<ModelSwap>(std::move(model_swap))));
  control_.flush();
}

void Trainer::prune() {
  if (settings_.keep_models == 0) return;
  const std::string directory = settings_.model_directory.string();
  const Result<std::vector<std::string>> names = model::list_models(directory);
  if (!names) return;
  std::vector<std::string> kept = {running_, models_->challenger().value_or("")};
  const std::vector<store::PromotionRecord> promotions = models_->promotions();
  for (std::size_t i = promotions.size() - std::min(promotions.size(), champions_kept); i < promotions.size(); ++i) {
    kept.push_back(promotions[i].model);
  }
  for (const std::string& name : model::models_to_prune(*names, kept, settings_.keep_models)) {
    const Result<void> removed = model::remove_model(directory, name);
    if (!removed) {
      log_.warning("model not pruned", {{"why", removed.error().message}});
    } else {
      log_.info("model pruned", {{"model", name}});
    }
  }
}

void Trainer::score() {
  last_score_ = newest_end_;
  const Market& market = settings_.markets.front();
  LiveReport report{score_models(*models_, market, scored_max), running_, {}};
  if (!running_.empty()) {
    Result<DriftReport> drift =
        measure_drift(*models_, market, settings_.model_directory, running_, features_.names, drift_rows_max);
    if (drift) {
      report.drift = std::move(*drift);
    } else {
      log_.warning("drift is not known", {{"why", drift.error().message}});
    }
  }
  statistics_.live.set(std::move(report));
}

}  // namespace candled::engine
