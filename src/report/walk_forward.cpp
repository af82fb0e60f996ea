#include "candled/report/walk_forward.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "candled/config/assembly.hpp"
#include "candled/engine/conveyor.hpp"

namespace candled::report {
namespace {

constexpr std::int64_t retry_after_candles = 10;  // as the daemon's trainer

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "candled_backtest_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw config::ConfigError("cannot make a folder for models in " + std::filesystem::temp_directory_path().string());
  return name;
}

}  // namespace

WalkForward::WalkForward(const config::Config& config, const engine::EngineSettings& settings, Timestamp from,
                         Timestamp to, std::filesystem::path directory)
    : training_(config.training),
      from_(from),
      to_(to),
      interval_(settings.markets.front().interval),
      directory_(std::move(directory)),
      is_temporary_(directory_.empty()) {
  if (is_temporary_) directory_ = new_folder();
  const store::FeatureListRecord list = engine::feature_lists(settings.markets, settings.features).front();
  rows_.feature_names = list.names;
  rows_.feature_hash = list.hash;
  rows_.interval = interval_;
  round_.directory = directory_;
  round_.training = config::training_settings(config);
  round_.promote = config.training.promote;
  round_.paper = settings.paper_of_market.front();
  round_.strategies = settings.strategies;
}

WalkForward::~WalkForward() {
  std::error_code ignored;
  if (is_temporary_) std::filesystem::remove_all(directory_, ignored);
}

Result<std::shared_ptr<const Predictor>> WalkForward::see(const CandleReport& report) {
  if (!report.features.empty()) add(report);
  if (report.end < from_ || report.end >= to_) return std::shared_ptr<const Predictor>();
  trim(report.end - training_.window);
  return is_due(report.end) ? train(report.end) : std::shared_ptr<const Predictor>();
}

void WalkForward::add(const CandleReport& report) {
  rows_.open_times.push_back(report.candle.open_time);
  rows_.closes.push_back(report.candle.close);
  rows_.highs.push_back(report.candle.high);
  rows_.lows.push_back(report.candle.low);
  rows_.states.push_back(report.candle.state);
  rows_.features.insert(rows_.features.end(), report.features.begin(), report.features.end());
}

// What opened before the time goes: in large pieces, or right in front of a training.
void WalkForward::trim(Timestamp from) {
  const auto gone = std::ranges::lower_bound(rows_.open_times, from) - rows_.open_times.begin();
  const bool is_worth_it = gone > static_cast<std::ptrdiff_t>(rows_.size() / 4) || is_due(from + training_.window);
  if (gone == 0 || !is_worth_it) return;
  rows_.features.erase(rows_.features.begin(),
                       rows_.features.begin() + gone * static_cast<std::ptrdiff_t>(rows_.feature_names.size()));
  rows_.open_times.erase(rows_.open_times.begin(), rows_.open_times.begin() + gone);
  for (auto* prices : {&rows_.closes, &rows_.highs, &rows_.lows})
    prices->erase(prices->begin(), prices->begin() + gone);
  rows_.states.erase(rows_.states.begin(), rows_.states.begin() + gone);
}

bool WalkForward::is_due(Timestamp end) const {
  const auto first = std::ranges::lower_bound(rows_.open_times, end - training_.window);
  if (rows_.open_times.end() - first < training_.minimum_candles) return false;
  if (!last_attempt_) return true;
  return end - *last_attempt_ >= (last_attempt_failed_ ? interval_ * retry_after_candles : training_.every);
}

Result<std::shared_ptr<const Predictor>> WalkForward::train(Timestamp end) {
  last_attempt_ = end;
  last_attempt_failed_ = true;
  const auto on_progress = [this](const model::Progress&) { return !stop_ || !stop_(); };
  Result<engine::TrainingRound> round =
      engine::train_round(rows_, round_, end, champion_ ? &*champion_ : nullptr, on_progress);
  if (!round) {
    if (stop_ && stop_()) return std::unexpected(refuse("stopped").error());
    rounds_.push_back({.at = end, .model = {}, .why = round.error().message});
    return std::shared_ptr<const Predictor>();
  }
  last_attempt_failed_ = false;
  rounds_.push_back({.at = end,
                     .model = round->loaded.record.name,
                     .rows = static_cast<std::int64_t>(round->trained.training_rows),
                     .holdout_rows = static_cast<std::int64_t>(round->trained.metrics.rows),
                     .accuracy = round->trained.metrics.accuracy,
                     .promoted = round->decision.promote,
                     .why = round->decision.why});
  if (!round->decision.promote) return std::shared_ptr<const Predictor>();
  importance_ = std::move(round->trained.importance);
  champion_ = std::move(round->loaded);
  return champion_->predictor;
}

}  // namespace candled::report
