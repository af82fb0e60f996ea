// backtest: plans, runs, prints and stores.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "candled/cli/commands.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/flow/write_file.hpp"
#include "candled/report/plan.hpp"
#include "candled/store/backtests.hpp"
#include "cli/output_path.hpp"

namespace candled::cli {
namespace {

int failed(const std::string& why) {
  fmt::print(stderr, "candled: backtest: {}\n", why);
  return 1;
}

store::BacktestStrategyRecord record_of(const engine::StrategyResult& s) {
  const trading::PerformanceReport& p = s.performance;
  store::BacktestStrategyRecord record;
  record.strategy = s.name;
  record.kind = s.kind;
  record.total_return = p.total_return;
  record.return_low = p.total_return_interval.low;
  record.return_high = p.total_return_interval.high;
  record.annualised_return = p.annualised_return;
  record.volatility = p.volatility;
  record.sharpe = p.sharpe;
  record.sortino = p.sortino;
  record.calmar = p.calmar;
  record.maximum_drawdown = p.maximum_drawdown;
  record.win_rate = p.win_rate;
  record.profit_factor = p.profit_factor;
  record.exposure = p.exposure;
  record.turnover = p.turnover;
  record.fees = p.fees;
  record.last_equity = p.last_equity;
  record.trades = static_cast<std::int64_t>(p.trades);
  record.fills = static_cast<std::int64_t>(p.fills);
  return record;
}

Result<void> store_report(const config::Config& config, report::BacktestReport& report) {
  store::BacktestRecord record;
  record.created = report.created;
  record.version = report.version;
  record.market = report.market.name();
  record.interval = report.market.interval;
  record.from = report.from;
  record.to = report.to;
  record.model = report.walk_forward ? "walk-forward" : report.model ? report.model->name : "";
  record.in_sample = report.in_sample;
  record.candles_only = report.candles_only();
  record.gap_share = report.result.gap_share();
  record.config = report.config;
  record.report = report::report_json(report);
  record.page = report::report_page(report);
  std::vector<store::BacktestCurves> curves;
  for (const engine::StrategyResult& strategy : report.result.strategies) {
    record.strategies.push_back(record_of(strategy));
    curves.push_back({&strategy.equity, &strategy.fills});
  }
  const Result<std::filesystem::path> path = store::write_backtest(config.storage.path, record, curves);
  if (!path) return std::unexpected(path.error());
  report.name = record.name;
  report.stored_in = path->string();
  return {};
}

Result<report::BacktestReport> run(report::BacktestPlan plan, flow::Log& log) {
  const Duration started = flow::monotonic_now();
  engine::BacktestTally tally(plan.settings.strategies, plan.from, plan.to, plan.settings.markets.front().interval);
  flow::ProgressLine line("backtest", log);
  engine::BacktestRequest request = plan.request();
  const Duration interval = plan.settings.markets.front().interval;
  const double length = static_cast<double>((plan.to - plan.from).ns);
  request.progress = [&](Timestamp reached) {
    if (reached <= plan.from) return;
    line.show("candles", (reached - plan.from) / interval, static_cast<double>((reached - plan.from).ns) / length);
  };
  request.stop = flow::stop_requested;
  if (plan.walk_forward) plan.walk_forward->stop_when(flow::stop_requested);
  const Result<engine::BacktestCounts> counts =
      engine::run_backtest(*plan.source, request, [&](const Event& event) { tally.see(event); });
  line.finish();
  if (!counts) return std::unexpected(counts.error());
  report::BacktestReport report = std::move(plan.report);
  report.counts = *counts;
  report.result = tally.result();
  if (plan.walk_forward) {
    report.rounds = plan.walk_forward->rounds();
    if (const auto& champion = plan.walk_forward->champion()) {
      report.model = champion->record;
      for (const model::FeatureImportance& f : plan.walk_forward->importance())
        report.importance.push_back({f.feature, f.mean_contribution});
    }
  }
  report.created = flow::wall_now();
  report.seconds = static_cast<double>((flow::monotonic_now() - started).ns) / 1e9;
  return report;
}

}  // namespace

int run_backtest_command(const config::Config& config, const report::BacktestOptions& options) {
  const std::filesystem::path html =
      options.html.empty() ? options.html : output_path("backtest: --html", options.html, config, options.files);
  flow::Log log(config.log);
  Result<report::BacktestPlan> plan = report::plan_backtest(config, options, log);
  if (!plan) return failed(plan.error().message);
  Result<report::BacktestReport> report = run(std::move(*plan), log);
  if (!report) return failed(report.error().message);
  if (Result<void> stored = store_report(config, *report); !stored) {
    fmt::print(stderr, "candled: backtest: the result is not stored: {}\n", stored.error().message);
  }
  if (!html.empty()) {
    if (Result<void> written = flow::write_file(html, report::report_file(*report)); !written)
      return failed(written.error().message);
    if (!report::has_charts())
      fmt::print(stderr, "candled: backtest: this build holds no page: {} has the tables only, no charts\n",
                 html.string());
  }
  fmt::print("{}", options.as_json ? report::report_json(*report) + "\n" : report::report_text(*report));
  return 0;
}

}  // namespace candled::cli
