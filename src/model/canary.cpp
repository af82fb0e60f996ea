#include "model/canary.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "candled/features/feature_set.hpp"
#include "candled/model/validation.hpp"
#include "model/arithmetic.hpp"

namespace candled::model {
namespace {

constexpr std::size_t block_horizons = 10;
constexpr std::size_t shifts = 100;
constexpr double deviations_max = 3.1;  // one sided, once in a thousand
constexpr double holdout_rows_min = 20;
// Features are warm after this many candles of the walk, or their NaN are missing values like any other.
constexpr std::size_t warm_up_candles = 1500;

// The mean of twelve uniform numbers, the same with every library; the tails of a real normal do not matter here.
double roughly_normal(std::mt19937_64& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += uniform_draw(random);
  return sum;
}

std::size_t horizon_rows_of(const TrainingRows& rows, const TrainingSettings& settings) {
  return static_cast<std::size_t>(settings.horizon / rows.interval);
}

// The split, the fit and the measure of the real training, on a sample in which nothing can be found.
Result<std::optional<CanaryResult>> sing(std::string name, const Sample& sample, std::size_t horizon_rows,
                                         const TrainingSettings& settings, Reporter& reporter) {
  const Split split =
      chronological_split(sample.open_times, settings.holdout_share, settings.horizon, settings.embargo);
  const Sample training = sample.slice(0, split.training_end);
  const Sample holdout = sample.slice(split.holdout_begin, sample.size());
  const auto one_class = [](double share) { return !(share > 0 && share < 1); };
  if (training.learnable_rows() < settings.training_rows_min ||
      static_cast<double>(holdout.size()) < holdout_rows_min || one_class(up_target_share(training)) ||
      one_class(up_share(holdout))) {
    return std::nullopt;  // too little to sing about
  }
  const Result<Vote> vote = fit_vote(cheaper(settings.algorithm), training, settings, reporter);
  if (!vote) return std::unexpected(vote.error());
  const Result<std::vector<double>> probabilities = vote_on(*vote, holdout, reporter);
  if (!probabilities) return std::unexpected(probabilities.error());
  CanaryResult result;
  result.name = std::move(name);
  result.rows = holdout.size();
  result.auc = area_under_roc(*probabilities, holdout.labels);
  result.auc_max = chance_auc_max(*probabilities, holdout.labels, horizon_rows, reporter.stop());
  if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
  return result;
}

Sample newest(const Sample& sample, std::size_t rows_max) {
  return sample.slice(sample.size() - std::min(sample.size(), rows_max), sample.size());
}

// Rows of a walk as long as the canary may be, or nothing where these features cannot be made of one.
std::optional<TrainingRows> walk_rows(const TrainingRows& rows, const TrainingSettings& settings) {
  const std::size_t count = std::min(rows.size(), settings.canaries.rows_max) + warm_up_candles;
  const bool is_own = features::check_features(rows.feature_names).has_value() &&
                      features::FeatureSet(rows.interval, rows.feature_names).hash() == rows.feature_hash;
  if (!settings.canaries.make_rows && !is_own) return std::nullopt;
  const std::vector<Candle> candles = random_walk(count, rows.interval, settings.seed);
  return settings.canaries.make_rows ? settings.canaries.make_rows(candles, rows.interval)
                                     : feature_rows(candles, rows.interval, rows.feature_names);
}

}  // namespace

Sample with_shuffled_labels(Sample sample, std::size_t horizon_rows, std::uint64_t seed) {
  const std::size_t rows = sample.size(), block = std::max<std::size_t>(block_horizons * horizon_rows, 1);
  std::vector<std::size_t> blocks;
  for (std::size_t begin = 0; begin < rows; begin += block) blocks.push_back(begin);
  std::mt19937_64 random(seed);
  for (std::size_t i = blocks.size(); i > 1; --i) std::swap(blocks[i - 1], blocks[draw_below(random, i)]);
  const Sample before = sample;
  std::size_t at = 0;
  for (const std::size_t begin : blocks) {
    for (std::size_t i = begin; i < std::min(begin + block, rows); ++i, ++at) {
      sample.labels[at] = before.labels[i];
      sample.targets[at] = before.targets[i];
      sample.weights[at] = before.weights[i];
    }
  }
  return sample;
}

std::vector<Candle> random_walk(std::size_t count, Duration interval, std::uint64_t seed) {
  constexpr int trades = 12;
  std::mt19937_64 random(seed);
  std::vector<Candle> candles;
  double log_price = 0;
  Price last = Price::from_units(Price::scale * 10'000);
  for (std::size_t n = 0; n < count; ++n) {
    Candle candle;
    candle.open_time = Timestamp{} + interval * static_cast<std::int64_t>(n);
    Volume volume, bought;
    candle.tape.known = true;
    for (int i = 0; i < trades; ++i) {
      log_price += roughly_normal(random) * 2e-4;
      const Price price =
          Price::from_units(static_cast<std::int64_t>(std::exp(log_price) * 1e6) * (Price::scale / 100));
      const Quantity quantity = Quantity::from_units(1 + static_cast<std::int64_t>(random() % 100'000'000));
      const bool buys = random() % 2 == 0;
      if (i == 0) candle.open = candle.high = candle.low = price;
      candle.high = std::max(candle.high, price);
      candle.low = std::min(candle.low, price);
      candle.close = price;
      volume += volume_of(quantity);
      if (buys) bought += volume_of(quantity);
      candle.tape.buy_trades += buys ? 1U : 0U;
      candle.tape.up_ticks += price > last ? 1U : 0U;
      candle.tape.down_ticks += price < last ? 1U : 0U;
      candle.tape.largest = std::max(candle.tape.largest, quantity);
      candle.tape.turnover += notional(price, amount_within(quantity));
      last = price;
    }
    candle.volume = volume;
    candle.buy_volume = bought;
    candle.trades = trades;
    candle.tape.longest_pause = Duration{interval.ns / trades + static_cast<std::int64_t>(random() % 1000)};
    candles.push_back(candle);
  }
  return candles;
}

double chance_auc_max(std::span<const double> probabilities, std::span<const Label> labels, std::size_t horizon_rows,
                      const Stop& stop) {
  const std::size_t rows = labels.size();
  // Shifts shorter than the labels overlap would compare rows with themselves.
  const std::size_t nearest = std::min(rows / 4, 4 * horizon_rows);
  std::vector<double> values;
  std::vector<Label> shifted(rows);
  for (std::size_t i = 0; i < shifts && !asked_to(stop); ++i) {
    const std::size_t by = nearest + (rows - 2 * nearest) * i / shifts;
    std::ranges::rotate_copy(labels, labels.begin() + static_cast<std::ptrdiff_t>(by), shifted.begin());
    values.push_back(area_under_roc(probabilities, shifted));
  }
  double variance = 0;
  for (const double value : values) variance += (value - 0.5) * (value - 0.5);
  // Around one half, which is known; a small sample's own mean is not.
  return 0.5 + deviations_max * std::sqrt(variance / static_cast<double>(shifts));
}

int canary_rounds_max(const TrainingSettings& settings) {
  const int one = rounds_max(cheaper(settings.algorithm), settings);
  return one * ((settings.canaries.shuffled_labels ? 1 : 0) + (settings.canaries.random_walk ? 1 : 0));
}

Result<std::vector<CanaryResult>> run_canaries(const TrainingRows& rows, const Sample& real,
                                               const TrainingSettings& settings, Reporter& reporter) {
  std::vector<CanaryResult> results;
  const std::size_t horizon_rows = horizon_rows_of(rows, settings);
  const auto run = [&](std::string name, const Sample& sample) -> Result<void> {
    Result<std::optional<CanaryResult>> result = sing(std::move(name), sample, horizon_rows, settings, reporter);
    if (!result) return std::unexpected(result.error());
    if (*result) results.push_back(**std::move(result));
    return {};
  };
  if (settings.canaries.shuffled_labels) {
    const Sample sample =
        with_shuffled_labels(newest(real, settings.canaries.rows_max), horizon_rows, settings.seed + 1);
    if (const Result<void> done = run("shuffled labels", sample); !done) return std::unexpected(done.error());
  }
  if (settings.canaries.random_walk) {
    if (const Result<void> wanted = reporter.goes_on(); !wanted) return std::unexpected(wanted.error());
    if (const std::optional<TrainingRows> walk = walk_rows(rows, settings)) {
      const Result<LabelledSample> labelled = labelled_sample(*walk, settings.horizon, settings.labels);
      if (!labelled) return results;  // the walk is shorter than the horizon: nothing to sing about
      const Sample sample = newest(labelled->sample, settings.canaries.rows_max);
      if (const Result<void> done = run("random walk", sample); !done) return std::unexpected(done.error());
    }
  }
  return results;
}

}  // namespace candled::model
