// backtest --sweep: many variants over the same past, and how much of the best one is luck.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "candled/cli/commands.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/engine/backtest_sweep.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/flow/thread.hpp"
#include "candled/model/overfitting.hpp"
#include "candled/report/backtest_sweep.hpp"
#include "candled/report/plan.hpp"

namespace candled::cli {
namespace {

constexpr std::size_t rows_shown_max = 25;

struct Variant {
  const trading::StrategySettings* settings;
  engine::VariantResult result;
};

struct Outcome {
  std::vector<Variant> variants, benchmarks;  // variants by falling Sharpe ratio
  std::size_t left_out = 0;
  double deflated_sharpe = trading::not_known;
  Result<double> overfitting = refuse("not asked");
  double seconds = 0;
};

bool is_benchmark(const std::string& name) { return name == trading::buy_and_hold_name || name == trading::flat_name; }

double sortable(double sharpe) { return std::isnan(sharpe) ? -INFINITY : sharpe; }

void judge(Outcome& outcome) {
  std::ranges::stable_sort(outcome.variants, std::greater{},
                           [](const Variant& v) { return sortable(v.result.performance.sharpe); });
  std::vector<double> ratios;
  std::vector<std::vector<double>> series;
  for (const Variant& variant : outcome.variants) {
    ratios.push_back(model::sharpe_ratio(variant.result.returns));
    series.push_back(variant.result.returns);
  }
  outcome.deflated_sharpe = model::deflated_sharpe_ratio(series.front(), ratios, ratios.size());
  outcome.overfitting = model::backtest_overfitting_probability(series);
}

constexpr int digits = 10;

void write_variants(JsonWriter& json, const std::vector<Variant>& variants) {
  json.begin_array();
  for (const Variant& v : variants) {
    const trading::PerformanceReport& p = v.result.performance;
    const auto number = [&](std::string_view name, double value) { json.key(name).rounded(value, digits); };
    json.begin_object()
        .member("strategy", v.settings->name)
        .member("kind", v.settings->kind)
        .key("parameters")
        .begin_object();
    for (const auto& [name, value] : v.settings->parameters) number(name, value);
    json.end_object();
    number("total_return", p.total_return);
    number("total_return_low", p.total_return_interval.low);
    number("total_return_high", p.total_return_interval.high);
    number("sharpe", p.sharpe);
    number("sharpe_low", p.sharpe_interval.low);
    number("sharpe_high", p.sharpe_interval.high);
    number("sortino", p.sortino);
    number("maximum_drawdown", p.maximum_drawdown);
    json.member("trades", p.trades);
    number("exposure", p.exposure);
    number("fees", p.fees);
    json.end_object();
  }
  json.end_array();
}

void print_json(const report::BacktestReport& report, const Outcome& o) {
  fmt::print("{}\n", json_object([&](JsonWriter& json) {
               json.member("market", report.market.name()).member("from", report.from).member("to", report.to);
               json.member("model", report.model ? std::optional(report.model->name) : std::nullopt)
                   .member("in_sample", report.in_sample);
               json.member("candles_only", report.candles_only()).key("warnings").values(report::warnings_of(report));
               json.member("trials", o.variants.size())
                   .member("left_out", o.left_out)
                   .key("deflated_sharpe")
                   .rounded(o.deflated_sharpe, digits);
               json.key("overfitting_probability").rounded(o.overfitting ? *o.overfitting : trading::not_known, digits);
               write_variants(json.key("variants"), o.variants);
               write_variants(json.key("benchmarks"), o.benchmarks);
               json.key("seconds").rounded(o.seconds, digits);
             }));
}

void print_row(const Variant& v, int width) {
  const trading::PerformanceReport& p = v.result.performance;
  fmt::print("{:<{}}{:>12}{:>14}{:>14}{:>9}{:>12}{:>9}{:>10}{:>14}\n", v.settings->name, width,
             report::change_text(p.total_return), report::change_text(p.total_return_interval.low),
             report::change_text(p.total_return_interval.high), report::number_text(p.sharpe, 2),
             report::change_text(-p.maximum_drawdown), report::count_text(static_cast<std::int64_t>(p.trades)),
             report::share_text(p.exposure, 1), report::number_text(p.fees, 2));
}

void print_text(const report::BacktestReport& report, const Outcome& o) {
  fmt::print("Sweep of {}, {} to {} UTC: {} variants on the same candles, features and predictions\n",
             report.market.name(), report::minute_text(report.from), report::minute_text(report.to),
             report::count_text(static_cast<std::int64_t>(o.variants.size())));
  if (report.model) fmt::print("  model        {} ({})\n", report.model->name, report.model->kind);
  for (const std::string& warning : report::warnings_of(report)) fmt::print("  ! {}\n", warning);
  std::size_t longest = 12;
  for (const Variant& variant : o.variants) longest = std::max(longest, variant.settings->name.size());
  const int width = static_cast<int>(longest) + 2;
  fmt::print("\n{:<{}}{:>12}{:>14}{:>14}{:>9}{:>12}{:>9}{:>10}{:>14}\n", "by Sharpe ratio", width, "return",
             "95 % from", "95 % to", "Sharpe", "drawdown", "trades", "exposure", "fees");
  for (std::size_t i = 0; i < std::min(rows_shown_max, o.variants.size()); ++i) print_row(o.variants[i], width);
  if (o.variants.size() > rows_shown_max) {
    fmt::print("... {} more (--json has all), the last one:\n",
               report::count_text(static_cast<std::int64_t>(o.variants.size() - rows_shown_max)));
    print_row(o.variants.back(), width);
  }
  for (const Variant& variant : o.benchmarks) print_row(variant, width);
  fmt::print(
      "\n{} trials{}. Deflated Sharpe ratio of the best: {} (the probability that it is above zero, given that it is "
      "the best of so many; 0.95 is the usual bar).\n",
      report::count_text(static_cast<std::int64_t>(o.variants.size())),
      o.left_out > 0 ? fmt::format(" ({} combinations that contradict themselves left out)", o.left_out) : "",
      report::number_text(o.deflated_sharpe, 3));
  if (o.overfitting) {
    fmt::print(
        "Probability of overfitting: {} (how often the best of one half of the time is below the middle in the other; "
        "one half is noise).\n",
        report::number_text(*o.overfitting, 3));
  } else {
    fmt::print("Probability of overfitting: not known, {}.\n", o.overfitting.error().message);
  }
  fmt::print("{} candles in {:.1f} s\n", report::count_text(report.result.candles()), o.seconds);
}

}  // namespace

int run_backtest_sweep(const config::Config& config, const report::BacktestOptions& options) {
  if (!options.html.empty())
    throw config::ConfigError(
        "backtest: --sweep makes no --html report; run the variant that you want to see by itself");
  flow::Log log(config.log);
  const std::vector<trading::StrategySettings> known = report::chosen_strategies(config, options.strategies);
  const report::SweepGrid grid = report::sweep_grid(options.sweeps, known, config.table.front().interval);
  Result<report::BacktestPlan> plan = report::plan_backtest(config, options, log);
  if (!plan) return fmt::print(stderr, "candled: backtest: {}\n", plan.error().message), 1;
  plan->settings.strategies = grid.variants;
  for (const trading::StrategySettings& strategy : known) {
    if (is_benchmark(strategy.name)) plan->settings.strategies.push_back(strategy);
  }
  const Duration started = flow::monotonic_now();
  flow::ProgressLine line("sweep", log);
  engine::BacktestRequest request = plan->request();
  const Timestamp from = plan->from, to = plan->to;
  request.progress = [&](Timestamp reached) {
    const Duration interval = plan->settings.markets.front().interval;
    if (reached > from)
      line.show("candles", (reached - from) / interval,
                static_cast<double>((reached - from).ns) / static_cast<double>((to - from).ns));
  };
  request.stop = flow::stop_requested;
  if (plan->walk_forward) plan->walk_forward->stop_when(flow::stop_requested);
  Result<engine::SweepResult> swept = engine::run_sweep(*plan->source, request, flow::processor_count());
  line.finish();
  if (!swept) return fmt::print(stderr, "candled: backtest: {}\n", swept.error().message), 1;
  Outcome outcome;
  outcome.left_out = grid.left_out;
  for (std::size_t i = 0; i < swept->variants.size(); ++i) {
    const trading::StrategySettings& settings = plan->settings.strategies[i];
    (is_benchmark(settings.name) ? outcome.benchmarks : outcome.variants)
        .push_back({&settings, std::move(swept->variants[i])});
  }
  judge(outcome);
  outcome.seconds = static_cast<double>((flow::monotonic_now() - started).ns) / 1e9;
  plan->report.counts = swept->counts;
  plan->report.result = swept->seen;
  (options.as_json ? print_json : print_text)(plan->report, outcome);
  return 0;
}

}  // namespace candled::cli
