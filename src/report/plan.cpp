#include "candled/report/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "candled/config/assembly.hpp"
#include "candled/engine/conveyor.hpp"
#include "candled/flow/version.hpp"
#include "candled/model/registry.hpp"
#include "candled/store/model_reader.hpp"
#include "report/file_source.hpp"

namespace candled::report {
namespace {

// Behind so many candles a recursive feature has forgotten where it began, to the last bit.
constexpr std::int64_t warm_up_candles = 20'000;
// Where the rows are stored only the desk's mean move has to warm.
constexpr std::int64_t warm_up_of_desk = 200;

struct Span {
  Timestamp from, to;
};

Timestamp ceil_to(Timestamp time, Duration interval) {
  const Timestamp floor = floor_to(time, interval);
  return floor == time ? time : floor + interval;
}

std::string span_text(Span span) { return fmt::format("{} to {}", to_iso8601(span.from), to_iso8601(span.to)); }

class Planner {
 public:
  Planner(const config::Config& config, const BacktestOptions& options, flow::Log& log)
      : config_(config), options_(options), log_(log) {}

  Result<BacktestPlan> run() {
    if (config_.markets.size() != 1) throw config::ConfigError("backtest: say with --market which market is meant");
    if (options_.walk_forward && !options_.model.empty())
      throw config::ConfigError("backtest: --model and --walk-forward exclude each other");
    check_models_folder();
    if (options_.walk_forward && options_.in_sample)
      throw config::ConfigError("backtest: a walk-forward is never --in-sample");
    if (options_.from && options_.to && *options_.from >= *options_.to)
      throw config::ConfigError("backtest: --to must lie behind --from");
    plan_.settings = config::engine_settings(config_);
    plan_.settings.strategies = chosen_strategies(config_, options_.strategies);
    market_ = plan_.settings.markets.front();
    const Result<Span> extent = options_.files.empty() ? stored_extent() : read_all_files();
    if (!extent) return std::unexpected(extent.error());
    if (Result<void> loaded = options_.walk_forward ? Result<void>{} : load_model(); !loaded)
      return std::unexpected(loaded.error());
    if (Result<void> chosen = choose_period(*extent); !chosen) return std::unexpected(chosen.error());
    if (options_.walk_forward)
      plan_.walk_forward =
          std::make_unique<WalkForward>(config_, plan_.settings, plan_.from, plan_.to, options_.models);
    if (Result<void> opened = options_.files.empty() ? open_stored() : Result<void>{}; !opened)
      return std::unexpected(opened.error());
    describe();
    return std::move(plan_);
  }

 private:
  void check_models_folder() const {
    if (options_.models.empty()) return;
    if (!options_.walk_forward) throw config::ConfigError("backtest: --models is for --walk-forward");
    std::error_code error;
    if (std::filesystem::exists(options_.models, error) && !std::filesystem::is_directory(options_.models, error)) {
      throw config::ConfigError(fmt::format("backtest: --models {} is no folder", options_.models.string()));
    }
    if (std::filesystem::equivalent(options_.models, config_.model.directory, error)) {
      throw config::ConfigError(fmt::format(
          "backtest: --models {} is the daemon's own folder of models; name another one", options_.models.string()));
    }
  }

  Result<Span> stored_extent() {
    if (!std::filesystem::exists(config_.storage.path)) {
      return refuse(
          fmt::format("no database {}: import or fetch history first, or give --file", config_.storage.path.string()));
    }
    plan_.reader = std::make_unique<store::HistoryReader>(
        config_.storage.path, market_, engine::feature_lists({market_}, plan_.settings.features).front().hash);
    const std::optional<Timestamp> begin = plan_.reader->begin(), end = plan_.reader->end();
    if (!begin || !end)
      return refuse(fmt::format("nothing is stored of {} in {}", market_.name(), config_.storage.path.string()));
    return Span{*begin, *end};
  }

  Result<Span> read_all_files() {
    Result<files::ImportedRows> rows = read_files(options_.files, market_, options_.candle_interval, log_);
    if (!rows) return std::unexpected(rows.error());
    const files::ImportSummary& found = rows->summary();
    Span span{{INT64_MAX}, {INT64_MIN}};
    if (found.trades_from)
      span = {floor_to(*found.trades_from, market_.interval), floor_to(*found.trades_to, market_.interval)};
    if (found.candles_from) {
      span.from = std::min(span.from, *found.candles_from);
      span.to = std::max(span.to, *found.candles_to + market_.interval);
    }
    if (span.from >= span.to) return refuse("the files hold less than one candle");
    for (const std::filesystem::path& file : options_.files) plan_.report.files.push_back(file.string());
    plan_.source = std::make_unique<FileSource>(std::move(*rows));
    return span;
  }

  Result<void> load_model() {
    std::string name = options_.model;
    const bool is_stored = std::filesystem::exists(config_.storage.path);
    if (name.empty() && is_stored) name = store::ModelReader(config_.storage.path).champion().value_or("");
    if (name.empty()) {
      return refuse("there is no champion model: name one with --model, or use --walk-forward");
    }
    if (!model::is_model_name(name))
      throw config::ConfigError(
          fmt::format("--model: '{}' is no name of a model (YYYYMMDD_HHMMSS)", name.substr(0, 100)));
    const store::FeatureListRecord list = engine::feature_lists({market_}, plan_.settings.features).front();
    const std::string directory = config_.model.directory.string();
    Result<model::LoadedModel> loaded = model::load_model(directory, name, {list.hash, list.names.size()});
    if (!loaded) return refuse(fmt::format("model {} cannot be used: {}", name, loaded.error().message));
    if (loaded->predictor->horizon().ns % market_.interval.ns != 0) {
      return refuse(fmt::format("model {} looks {} ahead, which is no whole number of {} candles", name,
                                to_text(loaded->predictor->horizon()), to_text(market_.interval)));
    }
    plan_.predictor = loaded->predictor;
    plan_.report.model = loaded->record;
    if (const auto importance = model::read_importance(directory, name)) {
      for (const model::FeatureImportance& feature : *importance)
        plan_.report.importance.push_back({feature.feature, feature.mean_contribution});
    }
    return {};
  }

  // Behind its last label nothing of the period can have reached the model.
  Timestamp free_from() const { return plan_.report.model->trained_to + plan_.predictor->horizon(); }

  Result<void> choose_period(Span extent) {
    const Duration interval = market_.interval;
    Span period{ceil_to(options_.from.value_or(extent.from), interval),
                floor_to(options_.to.value_or(extent.to), interval)};
    const bool frozen = plan_.predictor != nullptr;
    if (frozen && !options_.from && !options_.in_sample)
      period.from = std::max(period.from, ceil_to(free_from(), interval));
    if (period.from >= period.to || period.from >= extent.to || period.to <= extent.from) {
      if (frozen && !options_.from && !options_.in_sample && free_from() >= extent.to) {
        return refuse(fmt::format(
            "there is no data behind what model {} was trained on (to {}): use --walk-forward, or --in-sample",
            plan_.report.model->name, to_iso8601(plan_.report.model->trained_to)));
      }
      return refuse(fmt::format("there is no data of {} between {} and {}; there is from {}", market_.name(),
                                to_iso8601(period.from), to_iso8601(period.to), span_text(extent)));
    }
    plan_.from = period.from;
    plan_.to = period.to;
    if (!frozen) return {};
    const bool overlaps = period.from < free_from() && period.to > plan_.report.model->trained_from;
    if (overlaps && !options_.in_sample) {
      throw config::ConfigError(fmt::format(
          "--model {} was trained on {}, which the period overlaps: begin at --from {} or later, or say --in-sample",
          plan_.report.model->name, span_text({plan_.report.model->trained_from, plan_.report.model->trained_to}),
          to_iso8601(ceil_to(free_from(), interval))));
    }
    plan_.report.in_sample = overlaps;
    return {};
  }

  Result<void> open_stored() {
    const std::int64_t window = options_.walk_forward ? config_.training.window / market_.interval : 0;
    // Rows in front of the period are only learned from.
    const Timestamp begin = plan_.reader->open_time_before(plan_.from, window + warm_up_of_desk).value_or(plan_.from);
    const store::HistoryExtent extent = plan_.reader->extent(plan_.from, plan_.to);
    if (extent.candles == 0 && !extent.has_trades) {
      return refuse(fmt::format("nothing is stored of {} in {}", market_.name(), span_text({plan_.from, plan_.to})));
    }
    const auto all_rows_are_stored = [&] {
      const store::HistoryExtent with_past = plan_.reader->extent(begin, plan_.to);
      return plan_.reader->row_count(begin, plan_.to) == with_past.candles - with_past.gaps;
    };
    const bool rows_are_stored = !extent.has_trades && all_rows_are_stored();
    const std::int64_t past = rows_are_stored ? window + warm_up_of_desk : window + warm_up_candles;
    plan_.source =
        std::make_unique<engine::StoredSource>(*plan_.reader, market_, plan_.from, plan_.to, past, rows_are_stored);
    return {};
  }

  void describe() {
    BacktestReport& report = plan_.report;
    const trading::PaperSettings& paper = plan_.settings.paper_of_market.front();
    report.version = flow::program_version();
    report.market = market_;
    report.from = plan_.from;
    report.to = plan_.to;
    report.walk_forward = options_.walk_forward;
    report.config = config_.in_effect;
    report.fills_at_close = paper.latency.ns == 0;
    const auto basis_points = [](trading::Fraction f) {
      return fmt::format("{:g} bp",
                         static_cast<double>(f.units()) / (static_cast<double>(trading::Fraction::one) / 1e4));
    };
    report.settings = {{"starting balance", paper.starting_balance.to_text(2)},
                       {"taker fee", basis_points(paper.costs.fee)},
                       {"maker fee", basis_points(paper.costs.maker_fee)},
                       {"half spread", basis_points(paper.costs.half_spread)},
                       {"slippage", basis_points(paper.costs.slippage)},
                       {"latency", fmt::format("{} ms", paper.latency.ns / 1'000'000)},
                       {"minimum order", paper.costs.minimum_order.to_text(2)},
                       {"grace", to_text(plan_.settings.grace)}};
    for (const trading::StrategySettings& strategy : plan_.settings.strategies) {
      std::string text = strategy.kind;
      for (const auto& [key, value] : strategy.parameters) text += fmt::format(", {} {:g}", key, value);
      if (strategy.decide_every.ns > 0) text += ", decides every " + to_text(strategy.decide_every);
      if (strategy.cooldown.ns > 0) text += ", cooldown " + to_text(strategy.cooldown);
      report.settings.emplace_back("strategy " + strategy.name, text);
    }
    if (options_.walk_forward) {
      report.settings.emplace_back(
          "training", fmt::format("every {}, window {}, at least {} candles, promote {}",
                                  to_text(config_.training.every), to_text(config_.training.window),
                                  config_.training.minimum_candles, model::name_of(config_.training.promote)));
    }
  }

  const config::Config& config_;
  const BacktestOptions& options_;
  flow::Log& log_;
  BacktestPlan plan_;
  Market market_;
};

}  // namespace

Result<BacktestPlan> plan_backtest(const config::Config& config, const BacktestOptions& options, flow::Log& log) {
  return Planner(config, options, log).run();
}

}  // namespace candled::report
