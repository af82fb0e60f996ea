#include "report/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/plot.hpp"

namespace candled::report {
namespace {

constexpr std::size_t fills_shown_max = 500;
constexpr std::size_t trade_charts_max = 6;
constexpr std::size_t features_shown_max = 20;
constexpr int colors = 6;  // of strategies; c6 and c7 are the benchmarks'

double seconds_of(Timestamp time) { return static_cast<double>(time.ns) / 1e9; }

std::string quote_of(const Market& market) { return market.symbol.substr(market.symbol.find('/') + 1); }

bool is_benchmark(const engine::StrategyResult& strategy) {
  return strategy.name == trading::buy_and_hold_name || strategy.name == trading::flat_name;
}

std::vector<PlotPoint> price_of(const BacktestReport& report) {
  std::vector<PlotPoint> points;
  if (report.result.strategies.empty()) return points;
  for (const EquityPoint& point : report.result.strategies.front().equity) points.push_back({seconds_of(point.time), point.price.to_double()});
  return points;
}

std::string trade_chart(const BacktestReport& report, const engine::StrategyResult& strategy) {
  std::vector<PlotMark> marks;
  const std::size_t every = strategy.fills.size() / fills_shown_max | 1;  // odd: of purchases and sales in turn it shows both
  for (std::size_t i = 0; i < strategy.fills.size(); i += every) {
    const Fill& fill = strategy.fills[i];
    marks.push_back({{seconds_of(fill.time), fill.price.to_double()}, fill.side == Side::buy});
  }
  PlotFrame frame;
  frame.title = "Fills of " + strategy.name + " on the price";
  frame.y_axis = AxisKind::money;
  frame.y_label = "price, " + quote_of(report.market);
  frame.height = 260;
  std::string note = fmt::format("{} fills", count_text(static_cast<std::int64_t>(strategy.performance.fills)));
  if (every > 1) note += fmt::format("; one of {} is shown", every);
  return fmt::format("<h3>{} <span class=\"muted\">{}; <span class=\"up\">▲ bought</span> <span class=\"down\">▼ sold</span></span></h3>{}", html_text(strategy.name),
                     note, line_plot(frame, {{"price", price_of(report), 6}}, marks));
}

std::vector<Bar> bars_of(std::vector<double> returns) {
  constexpr std::size_t bars_max = 41;
  std::ranges::sort(returns);
  const std::size_t cut = returns.size() / 200;  // the outermost 0.5 % of each side go into the last bars
  const double low = returns[cut], high = returns[returns.size() - 1 - cut];
  if (!(high > low)) return {};
  std::vector<Bar> bars;
  const double step = (high - low) / bars_max;
  for (std::size_t i = 0; i < bars_max; ++i) bars.push_back({low + step * static_cast<double>(i), low + step * static_cast<double>(i + 1), 0});
  for (const double value : returns) {
    const double place = std::clamp((value - low) / step, 0.0, static_cast<double>(bars_max - 1));
    ++bars[static_cast<std::size_t>(place)].height;
  }
  return bars;
}

}  // namespace

int color_of(const BacktestReport& report, std::size_t i) {
  const engine::StrategyResult& strategy = report.result.strategies[i];
  if (strategy.name == trading::buy_and_hold_name) return 7;
  return strategy.name == trading::flat_name ? 6 : static_cast<int>(i) % colors;
}

std::string equity_chart(const BacktestReport& report) {
  std::vector<PlotLine> lines;
  for (std::size_t i = 0; i < report.result.strategies.size(); ++i) {
    PlotLine line{report.result.strategies[i].name, {}, color_of(report, i)};
    for (const EquityPoint& point : report.result.strategies[i].equity) line.points.push_back({seconds_of(point.time), point.equity.to_double()});
    lines.push_back(std::move(line));
  }
  PlotFrame frame;
  frame.title = "Equity";
  frame.y_axis = AxisKind::money;
  frame.y_label = "equity, " + quote_of(report.market);
  frame.x_label = "time, UTC";
  frame.height = 360;
  return line_plot(frame, lines);
}

std::string drawdown_chart(const BacktestReport& report) {
  std::vector<PlotLine> lines;
  for (std::size_t i = 0; i < report.result.strategies.size(); ++i) {
    if (report.result.strategies[i].name == trading::flat_name) continue;
    PlotLine line{report.result.strategies[i].name, {}, color_of(report, i)};
    double peak = 0;
    for (const EquityPoint& point : report.result.strategies[i].equity) {
      peak = std::max(peak, point.equity.to_double());
      line.points.push_back({seconds_of(point.time), peak > 0 ? point.equity.to_double() / peak - 1 : 0});
    }
    lines.push_back(std::move(line));
  }
  PlotFrame frame;
  frame.title = "Drawdown";
  frame.y_axis = AxisKind::percent;
  frame.y_label = "below the highest so far";
  frame.x_label = "time, UTC";
  frame.with_zero = true;
  frame.filled = true;
  return line_plot(frame, lines);
}

std::string trade_charts(const BacktestReport& report) {
  std::string out;
  std::size_t shown = 0;
  for (const engine::StrategyResult& strategy : report.result.strategies) {
    if (is_benchmark(strategy) || shown++ >= trade_charts_max) continue;
    out += trade_chart(report, strategy);
  }
  return out.empty() ? trade_chart(report, report.result.strategies.front()) : out;
}

std::string return_charts(const BacktestReport& report) {
  constexpr std::size_t returns_min = 20;
  std::string out;
  for (std::size_t i = 0; i < report.result.strategies.size(); ++i) {
    const engine::StrategyResult& strategy = report.result.strategies[i];
    if (strategy.name == trading::flat_name || strategy.returns.size() < returns_min) continue;
    PlotFrame frame;
    frame.title = "Returns of " + strategy.name;
    frame.x_axis = AxisKind::percent;
    frame.y_label = "how many";
    frame.x_label = "return over " + to_text(strategy.performance.sample);
    frame.height = 200;
    const std::vector<Bar> bars = bars_of(strategy.returns);
    if (bars.empty()) continue;
    out += fmt::format("<h3>{} <span class=\"muted\">{} returns of {}</span></h3>{}", html_text(strategy.name), count_text(static_cast<std::int64_t>(strategy.returns.size())),
                       to_text(strategy.performance.sample), histogram(frame, bars, color_of(report, i)));
  }
  return out.empty() ? "<p class=\"muted\">Too few returns for a distribution.</p>" : out;
}

std::string calibration_chart(const BacktestReport& report) {
  PlotLine line{"predictions", {}, 0};
  for (const model::CalibrationBin& bin : report.result.predictions.calibration) line.points.push_back({bin.mean_probability, bin.up_share});
  std::ranges::sort(line.points, {}, &PlotPoint::x);
  PlotFrame frame;
  frame.title = "Calibration";
  frame.x_axis = AxisKind::percent;
  frame.y_axis = AxisKind::percent;
  frame.x_label = "probability of up that was said (ten groups of equal size)";
  frame.y_label = "how often it went up";
  frame.diagonal = true;
  return line_plot(frame, {line});
}

std::string importance_chart(const BacktestReport& report) {
  std::vector<NamedBar> bars;
  for (const FeatureWeight& feature : report.importance) {
    if (bars.size() < features_shown_max) bars.push_back({feature.feature, feature.weight});
  }
  return bar_list("Feature importance", "mean contribution to a prediction, log-odds, on the model's hold-out", bars);
}

}  // namespace candled::report
