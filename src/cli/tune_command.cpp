// candled tune: which parameters do best on purged walk-forward, and how much of that is luck.
#include <fmt/format.h>

#include <algorithm>

#include "candled/cli/commands.hpp"
#include "candled/config/apply_parameters.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/engine/holdout_trading.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/model/tuning.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/trials.hpp"
#include "cli/output_path.hpp"
#include "cli/stored_rows.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t periods_per_fold = 40;

int failed(const Error& error) {
  fmt::print(stderr, "candled: {}\n", error.message);
  return 1;
}

// Returns of equal stretches of one strategy's equity; always as many.
std::vector<double> period_returns(const std::vector<double>& equity) {
  std::vector<double> returns;
  for (std::size_t i = 0; i < periods_per_fold; ++i) {
    const std::size_t from = (equity.size() - 1) * i / periods_per_fold,
                      to = (equity.size() - 1) * (i + 1) / periods_per_fold;
    returns.push_back(equity[from] > 0 ? equity[to] / equity[from] - 1 : 0);
  }
  return returns;
}

Result<trading::StrategySettings> strategy_named(const std::vector<trading::StrategySettings>& strategies,
                                                 const std::string& name) {
  const auto found = std::ranges::find_if(
      strategies, [&](const trading::StrategySettings& one) { return name.empty() || one.name == name; });
  if (found != strategies.end()) return *found;
  std::vector<std::string> names;
  for (const trading::StrategySettings& one : strategies) names.push_back(one.name);
  return refuse(fmt::format("--strategy: there is no '{}' in the config, only {}", name, fmt::join(names, ", ")));
}

Result<model::TuningSettings> tuning_settings(const config::Config& config, const TuneOptions& options,
                                              const model::TrainingRows& rows) {
  const engine::RoundSettings round = round_settings(config);
  model::TuningSettings settings;
  settings.training = round.training;
  settings.training.folds = std::max<std::size_t>(settings.training.folds, 1);
  settings.space = model::search_space(settings.training.algorithm, rows.feature_names.size());
  settings.seed = settings.training.seed;
  if (options.aim == "log_loss") return settings;
  const Result<trading::StrategySettings> strategy = strategy_named(round.strategies, options.strategy);
  if (!strategy) return std::unexpected(strategy.error());
  settings.net_returns = [&rows, paper = round.paper, strategy = *strategy,
                          horizon = config.training.horizon](model::HoldoutPredictions fold) {
    fold.horizon = horizon;
    return period_returns(engine::trade_holdout(rows, fold, paper, std::span(&strategy, 1)).of_strategy.front());
  };
  return settings;
}

// What makes two trials comparable, but for their rows.
std::string study_key(const config::Config& config, const TuneOptions& options, const model::TrainingRows& rows) {
  const std::string strategy = options.aim == "log_loss" ? "" : options.strategy;  // only the return depends on it
  return fmt::format("{} {} {} of {} horizon {} labels {} folds {} features {} seed {}", options.aim, strategy,
                     config.model.kind, config.table.front().name(), to_text(config.training.horizon),
                     config.model.labels, config.training.folds, rows.feature_hash, config.model.seed);
}

// Rows of the study: a search that goes on must see what its first trials saw.
void cut_to(model::TrainingRows& rows, Timestamp last) {
  const auto count =
      static_cast<std::size_t>(std::ranges::upper_bound(rows.open_times, last) - rows.open_times.begin());
  rows.open_times.resize(count);
  rows.closes.resize(count);
  rows.states.resize(count);
  rows.highs.resize(count);
  rows.lows.resize(count);
  rows.features.resize(count * rows.feature_names.size());
}

struct Search {
  model::TrainingRows rows;
  store::StudyTrials study;
  std::vector<model::Trial> trials;
};

Result<Search> open_search(const config::Config& config, const TuneOptions& options) {
  Result<model::TrainingRows> rows = window_rows(config, config.training.window);
  if (!rows) return std::unexpected(rows.error());
  if (rows->size() == 0) return refuse("tuning: there are no candles in the window");
  const std::string key = study_key(config, options, *rows);
  std::optional<store::StudyTrials> known =
      options.restart ? std::nullopt : store::find_study(config.storage.path, key);
  if (known) {
    const Duration more = rows->open_times.back() - known->study.to;
    rows = window_rows(config, config.training.window + more);
    if (!rows) return std::unexpected(rows.error());
    cut_to(*rows, known->study.to);
    if (rows->size() == 0 || rows->open_times.front() != known->study.from) {
      return refuse(
          fmt::format("tuning: the search so far was over other rows ({} to {}): give the --window that it had, or "
                      "--restart to start again",
                      to_iso8601(known->study.from), to_iso8601(known->study.to)));
    }
  }
  Search search{std::move(*rows), {}, {}};
  if (!known) {
    Result<store::StudyTrials> begun =
        store::begin_study(config.storage.path, {key, search.rows.open_times.front(), search.rows.open_times.back()});
    if (!begun) return std::unexpected(begun.error());
    known = std::move(*begun);
  }
  search.study = std::move(*known);
  for (const std::string& json : search.study.trials) {
    Result<model::Trial> trial = model::parse_trial(json);
    if (!trial)
      return refuse(fmt::format("{}: {}; --restart starts again", search.study.file.string(), trial.error().message));
    search.trials.push_back(std::move(*trial));
  }
  return search;
}

const char* state_text(model::TrialState state) {
  if (state == model::TrialState::complete) return "complete";
  return state == model::TrialState::stopped ? "stopped" : "failed";
}

Result<void> go_on(Search& search, const model::TuningSettings& settings, const config::Config& config,
                   std::int64_t trials, flow::Log& log) {
  flow::ProgressLine line("tuning", log);
  const std::size_t before = search.trials.size();
  while (static_cast<std::int64_t>(search.trials.size()) < trials && !flow::stop_requested()) {
    const double done = static_cast<double>(search.trials.size()), all = static_cast<double>(trials);
    const Result<model::Trial> trial = model::run_trial(
        search.rows, settings, search.trials, model::propose(settings, search.trials),
        [&](const model::Progress& progress) {
          const double part = static_cast<double>(progress.done) / std::max(progress.total, 1);
          line.show("trials", static_cast<std::int64_t>(search.trials.size() - before), (done + part) / all);
          return !flow::stop_requested();
        });
    if (!trial && flow::stop_requested()) break;
    if (!trial) return std::unexpected(trial.error());
    search.trials.push_back(*trial);
    const Result<void> stored =
        store::add_trial(search.study, config.storage.path,
                         {trial->number, state_text(trial->state), trial->loss, model::to_json(*trial)});
    if (!stored) return stored;
  }
  line.finish();
  return {};
}

void tell(const model::TuningReport& report, const Search& search, const TuneOptions& options) {
  fmt::print("{} trials on {} rows, {} to {}: {} complete, {} stopped early, {} failed; in {}\n", report.trials,
             search.rows.size(), to_iso8601(search.rows.open_times.front()).substr(0, 16),
             to_iso8601(search.rows.open_times.back()).substr(0, 16), report.complete, report.stopped, report.failed,
             search.study.file.string());
  if (!report.best) {
    fmt::print("no trial was complete\n");
    return;
  }
  fmt::print("best: trial {}, {} {:.5f}\n", report.best->number,
             options.aim == "log_loss" ? "log loss" : "net return a fold",
             options.aim == "log_loss" ? report.best->loss : -report.best->loss);
  for (const model::Parameter& one : report.best->parameters) fmt::print("  {:<18}{:.6g}\n", one.name, one.value);
  fmt::print("Sharpe ratio of the best {:.3f} a period; the best of {} trials without skill would show {:.3f}\n",
             report.best_sharpe, report.trials, report.expected_best_sharpe);
  fmt::print(
      "deflated Sharpe ratio {:.3f} (0.95 is the usual bar), probability of overfitting {:.2f} (0.5 is pure luck)\n",
      report.deflated_sharpe_ratio, report.overfitting_probability);
}

}  // namespace

int run_tune(const config::Config& given, const TuneOptions& options) {
  const config::Config config = with_flags(given, options.learning);
  const std::filesystem::path apply =
      options.apply.empty() ? options.apply : output_path("tune: --apply", options.apply, config);
  if (const auto strategy = strategy_named(round_settings(config).strategies, options.strategy); !strategy)
    throw config::ConfigError("tune: " + strategy.error().message);
  flow::Log log(config.log);
  Result<Search> search = open_search(config, options);
  if (!search) return failed(search.error());
  if (search->study.file != config.storage.path) {
    fmt::print(stderr, "candled: a daemon holds {}: the trials go to {}\n", config.storage.path.string(),
               search->study.file.string());
  }
  const Result<model::TuningSettings> settings = tuning_settings(config, options, search->rows);
  if (!settings) return failed(settings.error());
  if (const Result<void> done = go_on(*search, *settings, config, options.trials, log); !done)
    return failed(done.error());
  const model::TuningReport report = model::report_on(search->trials);
  if (options.as_json) {
    fmt::print("{}\n", json_object([&](JsonWriter& json) {
                 json.member("study", search->study.study.settings).member("file", search->study.file.string());
                 json.member("rows", search->rows.size()).key("report").json(model::to_json(report));
               }));
  } else {
    tell(report, *search, options);
  }
  if (flow::stop_requested()) {
    fmt::print(stderr, "candled: stopped after {} trials; the same command goes on\n", report.trials);
    return 1;
  }
  if (apply.empty()) return 0;
  if (!report.best) return failed({Remedy::refuse, "no trial was complete, so nothing is applied"});
  if (const Result<void> applied = config::apply_parameters(apply, config.model.kind, report.best->parameters);
      !applied)
    return failed(applied.error());
  fmt::print(stderr, "candled: the best parameters stand in {} under [model]\n", apply.string());
  return 0;
}

}  // namespace candled::cli
