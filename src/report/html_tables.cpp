#include "report/html_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/html_text.hpp"

namespace candled::report {
namespace {

std::string heads(const BacktestReport& report) {
  std::string out = "<thead><tr><th></th>";
  for (const engine::StrategyResult& strategy : report.result.strategies)
    out += "<th>" + html_text(strategy.name) + "</th>";
  return out + "</tr></thead>";
}

const char* sign_class(double value) { return value > 0 ? "up" : value < 0 ? "down" : ""; }

}  // namespace

std::string figures_table(const BacktestReport& report) {
  const trading::PerformanceReport* hold = hold_of(report.result);
  std::vector<std::vector<Figure>> columns;
  for (const engine::StrategyResult& strategy : report.result.strategies)
    columns.push_back(figures_of(strategy.performance, hold));
  std::string out = "<div class=\"scroll\"><table>" + heads(report) + "<tbody>";
  for (std::size_t row = 0; row < columns.front().size(); ++row) {
    const std::string_view name = columns.front()[row].name;
    out += fmt::format("<tr><td{}>{}</td>", name.starts_with(' ') ? " class=\"in\"" : "", html_text(name));
    for (const std::vector<Figure>& column : columns) {
      const bool is_change = column[row].kind == Figure::Kind::change;
      out += fmt::format("<td class=\"{}\">{}</td>", is_change ? sign_class(column[row].value) : "",
                         html_text(figure_text(column[row])));
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string months_table(const BacktestReport& report) {
  std::set<Timestamp> months;
  for (const engine::StrategyResult& strategy : report.result.strategies) {
    for (const engine::MonthReturn& month : strategy.months) months.insert(month.month);
  }
  std::string out = "<div class=\"scroll\"><table>" + heads(report) + "<tbody>";
  for (const Timestamp month : months) {
    out += "<tr><td>" + to_iso8601(month).substr(0, 7) + "</td>";
    for (const engine::StrategyResult& strategy : report.result.strategies) {
      const auto found = std::ranges::find(strategy.months, month, &engine::MonthReturn::month);
      const double value = found == strategy.months.end() ? trading::not_known : found->value;
      out += fmt::format("<td class=\"{}\">{}</td>", sign_class(value), change_text(value));
    }
    out += "</tr>";
  }
  return out + "</tbody></table></div>";
}

std::string rounds_table(const BacktestReport& report) {
  constexpr std::size_t rows_max = 200;
  std::string out =
      "<div class=\"scroll\"><table><thead><tr><th>time</th><th>model</th><th>rows</th><th>hold-out "
      "rows</th><th>hold-out accuracy</th><th>took over</th>"
      "<th>why</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < std::min(rows_max, report.rounds.size()); ++i) {
    const WalkForwardRound& round = report.rounds[i];
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", minute_text(round.at),
        round.model.empty() ? "none" : html_text(round.model), count_text(round.rows), count_text(round.holdout_rows),
        round.model.empty() ? "-" : share_text(round.accuracy), round.promoted ? "yes" : "no", html_text(round.why));
  }
  out += "</tbody></table></div>";
  if (report.rounds.size() > rows_max)
    out += fmt::format("<p class=\"muted\">and {} more trainings</p>",
                       count_text(static_cast<std::int64_t>(report.rounds.size() - rows_max)));
  return out;
}

}  // namespace candled::report
