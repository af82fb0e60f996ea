// Training: how fast, how honest. Prints tables; docs/models.md quotes them.
//
//   training_bench speed                    the hourly run on 30 days of minutes, one row, contributions
//   training_bench looks [ROWS]             the longest stretches of processor time between two looks at the stop
//   training_bench beside                   one row while a training runs on another thread, at the trainer's priority
//   training_bench planted [SEEDS [ROWS]]   markets whose best accuracy is known
//   training_bench walks [SEEDS]            random walks: how many show an edge, how many canaries sing
//   training_bench shuffled                 what a shuffled split would have claimed
//   training_bench real FILE [FIRST COUNT]  accuracy on candles: CSV of Binance klines, or with a header that names the columns
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "bench/candle_csv.hpp"
#include "candled/flow/counter.hpp"
#include "candled/flow/thread.hpp"
#include "candled/model/registry.hpp"
#include "candled/model/trainer.hpp"
#include "model/canary.hpp"
#include "model/looks.hpp"
#include "model/made_markets.hpp"

namespace candled::model {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// Of this process alone: what a run costs on a machine that others use too.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

TrainingSettings settings_of(std::string_view kind, Duration horizon) {
  TrainingSettings settings;
  settings.algorithm = *algorithm_named(kind);
  settings.horizon = settings.embargo = horizon;
  return settings;
}

constexpr std::size_t columns_of_bench = 80;

// Filled up with noise to so many columns.
TrainingRows widened(TrainingRows rows, std::size_t columns) {
  const std::size_t own = rows.feature_names.size();
  if (own >= columns) return rows;
  std::vector<double> wide;
  std::mt19937_64 random(2);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<const double> row = rows.row(i);
    wide.insert(wide.end(), row.begin(), row.end());
    for (std::size_t c = own; c < columns; ++c) wide.push_back(uniform(random));
  }
  for (std::size_t c = own; c < columns; ++c) rows.feature_names.push_back(fmt::format("noise_{}", c));
  rows.features = std::move(wide);
  return rows;
}

struct Latency {
  double p50_us, p99_us;
};
Latency latency_of(std::size_t count, const std::function<void(std::size_t)>& once) {
  std::vector<double> took;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    once(i);
    took.push_back(seconds_since(begin) * 1e6);
  }
  std::ranges::sort(took);
  return {took[count / 2], took[count * 99 / 100]};
}

void speed() {
  const TrainingRows rows =
      widened(feature_rows(random_walk(43'200, Duration::minutes(1), 1), Duration::minutes(1)), columns_of_bench);
  fmt::print("{} rows x {} columns, horizon 5m, 4 folds, 2 canaries, model written and loaded\n", rows.size(),
             rows.feature_names.size());
  const std::string directory = (std::filesystem::temp_directory_path() / "candled_training_bench").string();
  for (const std::string_view kind : {"gbdt", "gbdt, 200 rounds", "forest", "ensemble"}) {
    const bool full = kind == "gbdt, 200 rounds";
    TrainingSettings settings = settings_of(full ? "gbdt" : kind, Duration::minutes(5));
    if (full) std::get<GbdtSettings>(settings.algorithm).stopping_rows_min = SIZE_MAX;
    settings.canaries.make_rows = [](std::span<const Candle> candles, Duration interval) {
      return widened(feature_rows(candles, interval), columns_of_bench);
    };
    const double begin = processor_seconds();
    const Result<TrainedModel> model = train(rows, settings);
    if (!model) return fmt::print("{}\n", model.error().message);
    std::filesystem::remove_all(directory);
    const auto written = write_model(directory, "20260101_000000", *model, Timestamp{});
    const auto loaded = load_model(directory, "20260101_000000", {rows.feature_hash, rows.feature_names.size()});
    if (!written || !loaded) return fmt::print("{}\n", written ? loaded.error().message : written.error().message);
    const double took = processor_seconds() - begin;
    const Latency predict =
        latency_of(20'000, [&](std::size_t i) { loaded->predictor->predict(rows.row(20'000 + i)); });
    const Latency why =
        latency_of(1'000, [&](std::size_t i) { loaded->predictor->contributions(rows.row(20'000 + i), 5); });
    fmt::print(
        "{:<17} {:5.1f} s of one core, peak {:.0f} MB; one row p50 {:.1f} us, p99 {:.1f} us; top 5 contributions p50 "
        "{:.0f} us, "
        "p99 {:.0f} us\n",
        kind, took, peak_megabytes(), predict.p50_us, predict.p99_us, why.p50_us, why.p99_us);
  }
  std::filesystem::remove_all(directory);
}

// One prediction each millisecond, as the daemon makes them between other work, without a training and beside one on a thread of the
// trainer's priority.
void beside() {
  const TrainingRows rows =
      widened(feature_rows(random_walk(43'200, Duration::minutes(1), 1), Duration::minutes(1)), columns_of_bench);
  const TrainingSettings settings = settings_of("gbdt", Duration::minutes(5));
  const Result<TrainedModel> model = train(rows, settings);
  if (!model) return fmt::print("{}\n", model.error().message);
  const auto predictor = predictor_of_model(*model);
  const auto paced = [&] {
    std::vector<double> took;
    for (std::size_t i = 0; i < 5'000; ++i) {
      flow::pause(Duration::milliseconds(1));
      const auto begin = Clock::now();
      predictor->predict(rows.row(20'000 + i));
      took.push_back(seconds_since(begin) * 1e6);
    }
    std::ranges::sort(took);
    return Latency{took[took.size() / 2], took[took.size() * 99 / 100]};
  };
  for (int repeat = 0; repeat < 3; ++repeat) {
    const Latency alone = paced();
    flow::Counter trainings;
    flow::WorkerThread worker("training", Duration::milliseconds(1), [&](std::stop_token stop) {
      if (train(rows, settings, [&](const Progress&) { return !stop.stop_requested(); })) trainings.add();
    });
    worker.start_with_low_priority();
    const Latency beside = paced();
    worker.stop();
    fmt::print(
        "one row: idle p50 {:.1f} us, p99 {:.1f} us; while training p50 {:.1f} us, p99 {:.1f} us: {:.2f} times\n",
        alone.p50_us, alone.p99_us, beside.p50_us, beside.p99_us, beside.p99_us / alone.p99_us);
  }
}

// What the model's hits would be on the average of all outcomes, and the best there is.
struct Truth {
  double accuracy = 0, best = 0;
};
Truth truth_of(const MadeMarket& market, const TrainedModel& model) {
  const auto predictor = predictor_of_model(model);
  Truth truth;
  double rows = 0;
  for (std::size_t i = 0; i + 1 < market.rows.size(); ++i) {
    if (market.rows.open_times[i] < model.metrics.from) continue;
    const double up = market.up_probabilities[i];
    truth.accuracy += predictor->predict(market.rows.row(i)) > 0.5 ? up : 1 - up;
    truth.best += std::max(up, 1 - up);
    rows += 1;
  }
  truth.accuracy /= rows;
  truth.best /= rows;
  return truth;
}

void planted(int seeds, std::size_t row_count) {
  fmt::print("{} seeds each, {} rows; 'covered': the 95 % interval holds the model's true accuracy\n", seeds,
             row_count);
  fmt::print("{:<12} {:>5} {:>7} {:>9} {:>8} {:>8} {:>8} {:>10}\n", "market", "kind", "best", "measured", "true",
             "covered", "edge", "best held");
  for (const auto& [name, make] : made_markets()) {
    for (const double best : {0.52, 0.55, 0.60, 0.70}) {
      int covered = 0, edges = 0, held = 0;
      double measured = 0, truth_sum = 0, best_sum = 0;
      for (int seed = 1; seed <= seeds; ++seed) {
        const MadeMarket market = make(row_count, best, static_cast<std::uint64_t>(seed));
        TrainingSettings settings = settings_of("gbdt", Duration::minutes(1));
        settings.canaries.shuffled_labels = false;
        const Result<TrainedModel> model = train(market.rows, settings);
        if (!model) return fmt::print("{}\n", model.error().message);
        const Truth truth = truth_of(market, *model);
        const Interval interval = model->metrics.accuracy_interval;
        covered += interval.low <= truth.accuracy && truth.accuracy <= interval.high ? 1 : 0;
        held += interval.low <= truth.best && truth.best <= interval.high ? 1 : 0;
        edges += model->metrics.has_edge() ? 1 : 0;
        measured += model->metrics.accuracy / seeds;
        truth_sum += truth.accuracy / seeds;
        best_sum += truth.best / seeds;
      }
      fmt::print("{:<12} {:>5} {:>6.1f}% {:>8.2f}% {:>7.2f}% {:>8} {:>8} {:>10}\n", name, "gbdt", best_sum * 100,
                 measured * 100, truth_sum * 100, covered, edges, held);
      std::fflush(stdout);
    }
  }
}

void walks(int seeds) {
  for (const std::string_view kind : {"gbdt", "forest"}) {
    int edges = 0, leaking = 0, canaries = 0, above = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const auto candles = random_walk(6'000, Duration::minutes(1), 1000 + static_cast<std::uint64_t>(seed));
      TrainingSettings settings = settings_of(kind, Duration::minutes(5));
      settings.seed = static_cast<std::uint64_t>(seed);
      const Result<TrainedModel> model = train(feature_rows(candles, Duration::minutes(1)), settings);
      if (!model) return fmt::print("{}\n", model.error().message);
      edges += model->metrics.has_edge() ? 1 : 0;
      above += model->metrics.accuracy_interval.low > 0.5 ? 1 : 0;
      leaking += model->is_leaking() ? 1 : 0;
      canaries += static_cast<int>(model->canaries.size());
    }
    fmt::print(
        "{}: {} random walks of 6,000 minutes: {} with an edge, {} with an accuracy interval above 50 %; {} models "
        "of which one of {} canaries sang\n",
        kind, seeds, edges, above, leaking, canaries);
    std::fflush(stdout);
  }
}

double accuracy_of(const Vote& vote, const Sample& test) {
  Reporter reporter({}, 0);
  const std::vector<double> said = *vote_on(vote, test, reporter);
  double hits = 0;
  for (std::size_t i = 0; i < test.size(); ++i) hits += (said[i] > 0.5) == (test.labels[i] == Label::up) ? 1 : 0;
  return hits / static_cast<double>(test.size());
}

// The mistake itself, to show what it claims. It lives here and in a test, and is no option of the product.
void shuffled() {
  const TrainingRows rows = feature_rows(random_walk(8'000, Duration::minutes(1), 3), Duration::minutes(1));
  fmt::print("random walk of 8,000 minutes, {} features; accuracy on a fifth of the rows\n", rows.feature_names.size());
  fmt::print("{:>8} {:>20} {:>26}\n", "horizon", "shuffled split", "chronological and purged");
  for (const int minutes : {1, 5, 15, 60}) {
    const Duration horizon = Duration::minutes(minutes);
    const Sample sample = labelled_sample(rows, horizon, {})->sample;
    TrainingSettings settings;
    settings.horizon = settings.embargo = horizon;
    const ForestSettings forest{.trees = 40, .depth = 12, .child_weight_min = 0.25};
    std::mt19937_64 random(1);
    std::vector<std::size_t> learn, test;
    for (std::size_t i = 0; i < sample.size(); ++i) (uniform(random) < 0.2 ? test : learn).push_back(i);
    const Split split = chronological_split(sample.open_times, 0.2, horizon, horizon);
    Reporter reporter({}, 0);
    const Vote wrong = *fit_vote(forest, sample.at(learn), settings, reporter);
    const Vote right = *fit_vote(forest, sample.slice(0, split.training_end), settings, reporter);
    fmt::print("{:>7}m {:>19.1f}% {:>25.1f}%\n", minutes, accuracy_of(wrong, sample.at(test)) * 100,
               accuracy_of(right, sample.slice(split.holdout_begin, sample.size())) * 100);
    std::fflush(stdout);
  }
}

// What a stop waits for: a year of minutes by default, every feature of the default list.
void looks(std::size_t count) {
  const TrainingRows rows = feature_rows(random_walk(count, Duration::minutes(1), 3), Duration::minutes(1));
  fmt::print("{} rows, {} features\n", rows.size(), rows.feature_names.size());
  for (const std::string_view kind : {"gbdt", "forest"}) {
    std::vector<double> stretches;
    double last = Looks::thread_seconds();
    const double begin = last;
    const Result<TrainedModel> model = train(rows, settings_of(kind, Duration::minutes(5)), [&](const Progress&) {
      const double now = Looks::thread_seconds();
      stretches.push_back(now - std::exchange(last, now));
      return true;
    });
    if (!model) return fmt::print("{}\n", model.error().message);
    std::ranges::sort(stretches, std::greater{});
    const auto above = std::ranges::count_if(stretches, [](double seconds) { return seconds > 0.1; });
    fmt::print("{}: {:.1f} s of processor, {} looks, the longest stretch {:.0f} ms, {} above 100 ms; peak {:.0f} MB\n",
               kind, last - begin, stretches.size(), stretches.front() * 1e3, above, peak_megabytes());
    std::fflush(stdout);
  }
}

int real(const std::string& file, std::size_t first, std::size_t count) {
  std::vector<Candle> candles = bench::read_candles(file);
  if (candles.size() <= first) {
    fmt::print("{}: {} candles\n", file, candles.size());
    return 1;
  }
  candles.erase(candles.begin(), candles.begin() + static_cast<std::ptrdiff_t>(first));
  candles.resize(std::min(candles.size(), count));
  const TrainingRows rows = feature_rows(candles, Duration::minutes(1));
  fmt::print("{} candles, {} to {}\n", candles.size(), to_iso8601(candles.front().open_time),
             to_iso8601(candles.back().open_time));
  for (const int minutes : {1, 5, 15}) {
    for (const std::string_view kind : {"gbdt", "forest"}) {
      const double begin = processor_seconds();
      const Result<TrainedModel> model = train(rows, settings_of(kind, Duration::minutes(minutes)));
      if (!model) {
        fmt::print("{}\n", model.error().message);
        return 1;
      }
      const Metrics& m = model->metrics;
      fmt::print(
          "| {}m | {} | {} | {:.1f} % | {:.1f} to {:.1f} | {:.1f} / {:.1f} / {:.1f} | {:.3f} | {:.5f} | {:.5f} | {} | "
          "{:.1f} |\n",
          minutes, kind, m.rows, m.accuracy * 100, m.accuracy_interval.low * 100, m.accuracy_interval.high * 100,
          m.baselines.majority * 100, m.baselines.last_direction * 100, m.baselines.always_up * 100, m.auc, m.log_loss,
          m.baselines.base_rate_log_loss,
          model->is_leaking() ? "leaking"
          : m.has_edge()      ? "edge"
                              : "none",
          processor_seconds() - begin);
      std::fflush(stdout);
    }
  }
  return 0;
}

}  // namespace
}  // namespace candled::model

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const auto number = [&](std::size_t i, int otherwise) {
    int value = otherwise;
    if (i < words.size()) std::from_chars(words[i].data(), words[i].data() + words[i].size(), value);
    return value;
  };
  const std::string what = words.empty() ? "speed" : words[0];
  if (what == "planted")
    candled::model::planted(number(1, 100), static_cast<std::size_t>(number(2, 8'000)));
  else if (what == "walks")
    candled::model::walks(number(1, 100));
  else if (what == "looks")
    candled::model::looks(static_cast<std::size_t>(number(1, 525'600)));
  else if (what == "shuffled")
    candled::model::shuffled();
  else if (what == "beside")
    candled::model::beside();
  else if (what == "real" && words.size() > 1)
    return candled::model::real(words[1], static_cast<std::size_t>(number(2, 0)),
                                static_cast<std::size_t>(number(3, 43'200)));
  else
    candled::model::speed();
}
