// A backtest on the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "candled/report/report.hpp"

namespace candled::report {
namespace {

constexpr std::size_t columns_per_table = 5;
constexpr int label_width = 22;
constexpr int column_width = 17;

void append_head(std::string& out, const BacktestReport& r) {
  const double days = static_cast<double>((r.to - r.from).ns) / static_cast<double>(Duration::days(1).ns);
  out += fmt::format("Backtest of {}, {} to {} UTC: {} days of {} candles\n", r.market.name(), minute_text(r.from),
                     minute_text(r.to), number_text(days, days < 10 ? 2 : 0), to_text(r.market.interval));
  out += fmt::format(
      "  data         {} candles: {} traded, {} quiet, {} gaps; {} trades{}\n", count_text(r.result.candles()),
      count_text(r.result.traded), count_text(r.result.quiet), count_text(r.result.gaps), count_text(r.counts.trades),
      r.files.empty() ? "" : fmt::format("; from {}", r.files.front() + (r.files.size() > 1 ? " ..." : "")));
  if (r.walk_forward) {
    const auto made =
        std::ranges::count_if(r.rounds, [](const WalkForwardRound& round) { return !round.model.empty(); });
    const auto promoted = std::ranges::count_if(r.rounds, [](const WalkForwardRound& round) { return round.promoted; });
    out += fmt::format("  model        walk-forward: {} trainings, {} models, {} took over\n", r.rounds.size(), made,
                       promoted);
  } else if (r.model) {
    out += fmt::format("  model        {} ({}), trained on {} to {}\n", r.model->name, r.model->kind,
                       minute_text(r.model->trained_from), minute_text(r.model->trained_to));
  }
}

void append_predictions(std::string& out, const engine::PredictionScore& s) {
  if (s.rows == 0) return;
  out += fmt::format(
      "  predictions  {} with a known outcome: {} right (95 %: {} to {}); the more frequent outcome {}, last direction "
      "{}\n",
      count_text(s.rows), share_text(s.accuracy), share_text(s.accuracy_interval.low),
      share_text(s.accuracy_interval.high), share_text(s.majority), share_text(s.last_direction));
  out += fmt::format(
      "               log loss {:.5f}, base rate {:.5f}; skill {:+.5f} (95 %: {:+.5f} to {:+.5f}); AUC {:.4f}\n",
      s.log_loss, s.base_rate_log_loss, s.skill, s.skill_interval.low, s.skill_interval.high, s.auc);
}

void append_table(std::string& out, const BacktestReport& r, std::size_t begin, std::size_t end) {
  const trading::PerformanceReport* hold = hold_of(r.result);
  std::vector<std::vector<Figure>> columns;
  out += fmt::format("\n{:<{}}", "", label_width);
  for (std::size_t i = begin; i < end; ++i) {
    out += fmt::format("{:>{}}", r.result.strategies[i].name,
                       std::max<int>(column_width, static_cast<int>(r.result.strategies[i].name.size()) + 2));
    columns.push_back(figures_of(r.result.strategies[i].performance, hold));
  }
  out += '\n';
  for (std::size_t row = 0; row < columns.front().size(); ++row) {
    out += fmt::format("{:<{}}", columns.front()[row].name, label_width);
    for (std::size_t i = begin; i < end; ++i) {
      out += fmt::format("{:>{}}", figure_text(columns[i - begin][row]),
                         std::max<int>(column_width, static_cast<int>(r.result.strategies[i].name.size()) + 2));
    }
    out += '\n';
  }
}

}  // namespace

std::string report_text(const BacktestReport& report) {
  std::string out;
  append_head(out, report);
  append_predictions(out, report.result.predictions);
  for (const std::string& warning : warnings_of(report)) out += "  ! " + warning + "\n";
  const std::size_t count = report.result.strategies.size();
  for (std::size_t begin = 0; begin < count; begin += columns_per_table)
    append_table(out, report, begin, std::min(begin + columns_per_table, count));
  out += fmt::format("\n{} candles in {:.1f} s ({}/s)", count_text(report.result.candles()), report.seconds,
                     count_text(static_cast<std::int64_t>(static_cast<double>(report.result.candles()) /
                                                          std::max(report.seconds, 1e-3))));
  if (!report.stored_in.empty()) out += fmt::format("; stored as {} in {}", report.name, report.stored_in);
  return out + "\n";
}

}  // namespace candled::report
