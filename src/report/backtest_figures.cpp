// The figures of a backtest, each with its name and its form.
#include <fmt/format.h>

#include <cmath>

#include "candled/report/report.hpp"

namespace candled::report {
namespace {

std::string with_separators(std::string digits) {
  const std::size_t begin = digits.starts_with('-') ? 1 : 0;
  std::size_t end = digits.find('.');
  if (end == std::string::npos) end = digits.size();
  for (std::size_t at = end; at > begin + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 2 * 86'400) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} d", seconds / 86'400);
}

double seconds_of(Duration duration) { return static_cast<double>(duration.ns) / 1e9; }

}  // namespace

std::string number_text(double value, int decimals) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (digits.starts_with('-') && digits.find_first_of("123456789") == std::string::npos) digits.erase(0, 1);  // -0.00
  return with_separators(std::move(digits));
}

std::string share_text(double share, int decimals) {
  return std::isfinite(share) ? number_text(share * 100, decimals) + " %" : "-";
}

std::string change_text(double change, int decimals) {
  if (!std::isfinite(change)) return "-";
  const std::string digits = number_text(change * 100, decimals);
  return (change > 0 && digits.find_first_of("123456789") != std::string::npos ? "+" : "") + digits + " %";
}

std::string count_text(std::int64_t count) { return with_separators(std::to_string(count)); }

std::string minute_text(Timestamp time) {
  std::string text = to_iso8601(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

const trading::PerformanceReport* hold_of(const engine::BacktestResult& result) {
  for (const engine::StrategyResult& strategy : result.strategies) {
    if (strategy.name == trading::buy_and_hold_name) return &strategy.performance;
  }
  return nullptr;
}

std::vector<Figure> figures_of(const trading::PerformanceReport& p, const trading::PerformanceReport* hold) {
  using Kind = Figure::Kind;
  const auto count = [](std::size_t n) { return static_cast<double>(n); };
  return {
      {"total return", "total_return", Kind::change, p.total_return},
      {"  95 % from", "total_return_low", Kind::change, p.total_return_interval.low},
      {"  95 % to", "total_return_high", Kind::change, p.total_return_interval.high},
      {"against buy_and_hold", "over_buy_and_hold", Kind::change,
       hold != nullptr ? trading::return_over(p, *hold) : trading::not_known},
      {"annualised return", "annualised_return", Kind::change, p.annualised_return},
      {"market return", "market_return", Kind::change, p.market_return},
      {"volatility (year)", "volatility", Kind::share, p.volatility},
      {"Sharpe", "sharpe", Kind::number, p.sharpe},
      {"  95 % from", "sharpe_low", Kind::number, p.sharpe_interval.low},
      {"  95 % to", "sharpe_high", Kind::number, p.sharpe_interval.high},
      {"Sortino", "sortino", Kind::number, p.sortino},
      {"Calmar", "calmar", Kind::number, p.calmar},
      {"maximum drawdown", "maximum_drawdown", Kind::change, -p.maximum_drawdown},
      {"  its length", "maximum_drawdown_seconds", Kind::duration, seconds_of(p.maximum_drawdown_length)},
      {"longest drawdown", "longest_drawdown_seconds", Kind::duration, seconds_of(p.longest_drawdown)},
      {"fills", "fills", Kind::count, count(p.fills)},
      {"trades closed", "trades", Kind::count, count(p.trades)},
      {"win rate", "win_rate", Kind::share, p.win_rate},
      {"profit factor", "profit_factor", Kind::number, p.profit_factor},
      {"average duration", "average_trade_seconds", Kind::duration, p.average_trade_seconds},
      {"average size", "average_trade_value", Kind::money, p.average_trade_value},
      {"best trade", "best_trade", Kind::change, p.best_trade},
      {"worst trade", "worst_trade", Kind::change, p.worst_trade},
      {"exposure", "exposure", Kind::share, p.exposure},
      {"time in market", "time_in_market", Kind::share, p.time_in_market},
      {"turnover", "turnover", Kind::number, p.turnover},
      {"fees paid", "fees", Kind::money, p.fees},
      {"equity at the start", "first_equity", Kind::money, p.first_equity},
      {"equity at the end", "last_equity", Kind::money, p.last_equity},
  };
}

std::string figure_text(const Figure& figure) {
  if (std::isnan(figure.value)) return "-";
  switch (figure.kind) {
    case Figure::Kind::change: return change_text(figure.value);
    case Figure::Kind::share: return share_text(figure.value);
    case Figure::Kind::number: return number_text(figure.value, 2);
    case Figure::Kind::count: return number_text(figure.value, 0);
    case Figure::Kind::money: return number_text(figure.value, 2);
    case Figure::Kind::duration: return duration_text(figure.value);
  }
  return "";
}

std::vector<std::string> warnings_of(const BacktestReport& report) {
  std::vector<std::string> warnings;
  if (report.walk_forward && !report.rounds.empty() &&
      std::ranges::all_of(report.rounds, [](const WalkForwardRound& one) { return one.model.empty(); })) {
    warnings.push_back("no training succeeded: " + report.rounds.back().why);
  }
  if (report.in_sample)
    warnings.push_back(
        "IN SAMPLE: the model has seen this period while it was trained; these figures say nothing about the future");
  const std::int64_t candles = report.counts.candles_only + report.counts.candles_from_trades;
  if (report.candles_only()) {
    const std::string part = report.counts.candles_from_trades > 0
                                 ? fmt::format("for {} of {} candles no trades are stored: there",
                                               count_text(report.counts.candles_only), count_text(candles))
                                 : std::string("no trades are stored:");
    warnings.push_back(
        report.fills_at_close
            ? fmt::format("candles only: {} orders fill at the close they were decided on, because latency_ms is 0",
                          part)
            : fmt::format("candles only: {} orders fill at the next candle's open", part));
  }
  if (report.result.gap_share() > 0) {
    warnings.push_back(fmt::format(
        "gaps: {} of the period's candles ({} gaps, {} not stored) are not known; nothing is decided on them",
        number_text(report.result.gap_share() * 100, report.result.gap_share() < 0.001 ? 4 : 2) + " %",
        count_text(report.result.gaps), count_text(report.result.missing)));
  }
  if (report.result.predictions.predictions == 0)
    warnings.push_back("no prediction was made in this period: only strategies that need none have traded");
  return warnings;
}

}  // namespace candled::report
