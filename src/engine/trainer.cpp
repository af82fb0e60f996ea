#include "candled/engine/trainer.hpp"

#include <fmt/format.h>

#include <utility>

#include "candled/flow/clock.hpp"

namespace candled::engine {
namespace {

constexpr Duration catch_up_lag = Duration::minutes(10);
constexpr std::int64_t catch_up_candles_per_look = 5;
constexpr std::int64_t retry_after_candles = 10;

std::string percent(double share) { return fmt::format("{:.1f}%", share * 100); }

}  // namespace

Trainer::Trainer(TrainerSettings settings, flow::Sender& control, flow::Log& log, TrainerStatistics& statistics)
    : settings_(std::move(settings)),
      features_(feature_lists(settings_.markets, settings_.features).front()),
      control_(control),
      log_(log),
      statistics_(statistics),
      reader_(std::make_unique<store::Reader>(settings_.database, settings_.markets)) {}

Trainer::~Trainer() = default;

Result<model::LoadedModel> Trainer::load(const std::string& name) const {
  return model::load_model(settings_.model_directory.string(), name, {features_.hash, features_.names.size()});
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
  last_attempt_ = reader_->champion_created();
  if (!running_model.empty()) return;
  if (const std::optional<std::string> champion = reader_->champion()) {
    Result<model::LoadedModel> loaded = load(*champion);
    if (loaded) return take_over(std::move(*loaded), false);
    log_.warning("champion refused", {{"why", loaded.error().message}, {"next", "no predictions until the next training"}});
    last_attempt_.reset();
    return;
  }
  const Result<std::vector<std::string>> names = model::list_models(settings_.model_directory.string());
  if (!names) return;
  for (auto name = names->rbegin(); name != names->rend(); ++name) {
    Result<model::LoadedModel> loaded = load(*name);
    if (!loaded) {
      log_.warning("model passed over", {{"why", loaded.error().message}});
      continue;
    }
    last_attempt_ = loaded->record.created;
    return take_over(std::move(*loaded), true);
  }
}

void Trainer::work(std::stop_token stop) {
  try {
    if (reload_requested_.take()) reload();
    if (!settings_.enabled) return;
    const Window window = look();
    if (is_due(window)) train(window, std::move(stop));
  } catch (const std::exception& error) {  // a locked file, or no memory for a training: the running model stays
    log_.warning("training waits", {{"why", error.what()}});
  }
}

Trainer::Window Trainer::look() {
  const Market& market = settings_.markets.front();
  Window window;
  const std::optional<Timestamp> newest = reader_->last_candle_open_time(market.id);
  if (!newest) return window;
  window.newest_end = *newest + market.interval;
  const Duration moved = window.newest_end - std::exchange(newest_end_before_, window.newest_end);
  const std::optional<Duration> lag = reader_->last_candle_lag(market.id, market.interval);
  window.catching_up = moved > market.interval * catch_up_candles_per_look && lag && *lag > catch_up_lag;
  // Rows that are being made anew for another list begin with the oldest: a window of them would be half a window.
  window.catching_up |= !reader_->rows_are_of(market.id, features_.hash);
  window.candles = reader_->candle_count(market.id, window.newest_end - settings_.window, features_.hash);
  return window;
}

bool Trainer::is_due(const Window& window) const {
  if (window.candles < settings_.minimum_candles || window.catching_up) return false;
  if (!last_attempt_) return true;
  const Duration wait = last_attempt_failed_ ? settings_.markets.front().interval * retry_after_candles : settings_.every;
  return window.newest_end - *last_attempt_ >= wait;
}

void Trainer::train(const Window& window, std::stop_token stop) {
  const Market& market = settings_.markets.front();
  last_attempt_ = window.newest_end;
  last_attempt_failed_ = true;
  const Duration started = flow::monotonic_now();
  log_.info("training", {{"market", market.name()}, {"candles", std::to_string(window.candles)}});
  store::StoredRows stored =
      reader_->training_rows(market.id, window.newest_end - settings_.window, features_.hash, features_.names.size());
  model::TrainingRows rows{features_.names,          features_.hash,           market.interval,           std::move(stored.open_times),
                           std::move(stored.closes), std::move(stored.states), std::move(stored.features)};
  const Result<model::TrainedModel> trained =
      model::train(rows, settings_.training, [&](const model::Progress&) { return !stop.stop_requested(); });
  if (stop.stop_requested()) return;
  const std::string directory = settings_.model_directory.string();
  Result<model::LoadedModel> loaded = [&]() -> Result<model::LoadedModel> {
    if (!trained) return std::unexpected(trained.error());
    // Created in market time, so a recorded market keeps its own dates.
    const Result<std::string> name = model::free_model_name(directory, window.newest_end);
    if (!name) return std::unexpected(name.error());
    if (Result<ModelRecord> written = model::write_model(directory, *name, *trained, window.newest_end); !written) {
      return std::unexpected(written.error());
    }
    return load(*name);
  }();
  if (!loaded) {
    statistics_.failures.add();
    log_.warning("training failed", {{"why", loaded.error().message}, {"next", "the running model stays; trying again later"}});
    return;
  }
  last_attempt_failed_ = false;
  const std::int64_t took_ms = (flow::monotonic_now() - started).ns / 1'000'000;
  statistics_.trainings.add();
  statistics_.last_training_ms.set(took_ms);
  const model::Metrics& m = trained->metrics;
  log_.info("model trained", {{"model", loaded->record.name},
                              {"kind", loaded->record.kind},
                              {"rows", std::to_string(trained->training_rows)},
                              {"holdout_rows", std::to_string(m.rows)},
                              {"accuracy", percent(m.accuracy)},
                              {"interval_95", percent(m.accuracy_interval.low) + " to " + percent(m.accuracy_interval.high)},
                              {"majority", percent(m.baselines.majority)},
                              {"last_direction", percent(m.baselines.last_direction)},
                              {"f1", fmt::format("{:.3f}", m.f1)},
                              {"took_ms", std::to_string(took_ms)}});
  take_over(std::move(*loaded), true);
}

void Trainer::reload() {
  statistics_.reloads.add();
  const std::optional<std::string> champion = reader_->champion();
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
  take_over(std::move(*loaded), false);
}

void Trainer::take_over(model::LoadedModel loaded, bool is_new) {
  // The event owns it; the journal frees it.
  auto* takeover = new Takeover{std::move(loaded.predictor), std::nullopt};
  if (is_new) takeover->record = std::move(loaded.record);
  control_.push(Event::of(takeover));
  control_.flush();
}

}  // namespace candled::engine
