// A backtest as a page: its tables, and its data for the script that draws the charts (web/src/report.tsx).
#include <fmt/format.h>

#include "candled/report/report.hpp"
#include "candled/server/embedded_file.hpp"
#include "report/chart_series.hpp"
#include "report/html_style.hpp"
#include "report/html_tables.hpp"
#include "report/html_text.hpp"

namespace candled::report {
namespace {

constexpr const char* script_file = "assets/report.js";

// The script puts its chart in and shows the section.
std::string chart(const char* name, const char* title) {
  return fmt::format("<section data-chart=\"{}\" hidden><h2>{}</h2></section>\n", name, title);
}

std::string section(const char* title, const std::string& body) {
  return fmt::format("<section><h2>{}</h2>{}</section>\n", title, body);
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>", html_text(name), html_text(value));
}

std::string model_text(const BacktestReport& r) {
  if (r.walk_forward)
    return fmt::format("walk-forward, {} trainings on the way", count_text(static_cast<std::int64_t>(r.rounds.size())));
  if (!r.model) return "none";
  return fmt::format("{} ({}), trained on {} to {}", r.model->name, r.model->kind, minute_text(r.model->trained_from),
                     minute_text(r.model->trained_to));
}

std::string data_list(const BacktestReport& r) {
  const engine::BacktestResult& b = r.result;
  std::string out = "<dl>" + row("market", r.market.name() + ", " + to_text(r.market.interval) + " candles");
  out += row("period", minute_text(r.from) + " to " + minute_text(r.to) + " UTC");
  out += row("model", model_text(r));
  out +=
      row("candles", fmt::format("{}: {} traded, {} quiet, {} gaps; {} not stored", count_text(b.candles()),
                                 count_text(b.traded), count_text(b.quiet), count_text(b.gaps), count_text(b.missing)));
  out += row("trades", r.counts.trades > 0 ? count_text(r.counts.trades) + " replayed one by one"
                                           : std::string("none known: candles only"));
  for (const std::string& file : r.files) out += row("from file", file);
  return out + "</dl>";
}

std::string predictions_list(const engine::PredictionScore& s) {
  std::string out = "<dl>" + row("outcome known", count_text(s.rows) + " predictions");
  out += row("right", fmt::format("{} (95 %: {} to {})", share_text(s.accuracy), share_text(s.accuracy_interval.low),
                                  share_text(s.accuracy_interval.high)));
  out += row("without a model", fmt::format("the more frequent outcome {}, the last direction {}",
                                            share_text(s.majority), share_text(s.last_direction)));
  out += row("log loss", fmt::format("{:.5f}, of the base rate {:.5f}", s.log_loss, s.base_rate_log_loss));
  out +=
      row("skill", fmt::format("{:+.5f} (95 %: {:+.5f} to {:+.5f}) nats a prediction{}", s.skill, s.skill_interval.low,
                               s.skill_interval.high, s.skill_interval.low > 0 ? "" : ": no more than chance"));
  out += row("Brier score", fmt::format("{:.5f}", s.brier)) + row("AUC", fmt::format("{:.4f}", s.auc));
  return out + "</dl>";
}

std::string settings_list(const BacktestReport& r) {
  std::string out = "<dl>";
  for (const auto& [name, value] : r.settings) out += row(name, value);
  out += row("candled", r.version) + row("made", to_iso8601(r.created));
  return out + "</dl><h3>The whole configuration</h3><pre>" + html_text(r.config) + "</pre>";
}

std::string data_element(const BacktestReport& report) {
  const std::string json = json_object([&](JsonWriter& all) {
    all.key("report").json(report_json(report));
    write_chart_series(all.key("series"), report);
  });
  return "<script type=\"application/json\" id=\"report-data\">" + script_json(json) + "</script>\n";
}

// `note` stands where the charts would be, until they are there; `script` is the element that draws them.
std::string document(const BacktestReport& report, const std::string& note, const std::string& script) {
  const std::string title = fmt::format("Backtest of {}", report.market.name());
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">"
      "<title>{}</title><style>{}</style></head><body><main>\n",
      html_text(title), report_style);
  out += fmt::format(
      "<h1>{}</h1><p class=\"sub\">{} to {} UTC{}. Paper money after fees, spread and slippage; no real order was "
      "placed.</p>\n",
      html_text(title), minute_text(report.from), minute_text(report.to),
      report.name.empty() ? "" : " · " + html_text(report.name));
  for (const std::string& warning : warnings_of(report)) out += "<p class=\"warn\">" + html_text(warning) + "</p>\n";
  out += "<p class=\"sub\" id=\"no-charts\">" + note + "</p>\n";
  out += section("What went in", data_list(report));
  out += chart("equity", "Equity") + chart("drawdown", "Drawdown");
  out += section("Figures", figures_table(report));
  out += section("Months", months_table(report));
  out += chart("fills", "Trades") + chart("returns", "Distribution of returns");
  if (report.result.predictions.rows > 0)
    out += section("Predictions", predictions_list(report.result.predictions)) + chart("calibration", "Calibration");
  if (!report.importance.empty())
    out += chart("importance", report.walk_forward ? "Feature importance of the last model" : "Feature importance");
  if (report.walk_forward) out += section("Trainings", rounds_table(report));
  out += section("Configuration", settings_list(report));
  return out + "</main>\n" + data_element(report) + script + "</body></html>\n";
}

}  // namespace

std::string report_page(const BacktestReport& report) {
  return document(report, "The charts need JavaScript, and a daemon that holds its page.",
                  fmt::format("<script type=\"module\" src=\"/{}\"></script>\n", script_file));
}

bool has_charts() { return !server::embedded_file(script_file).empty(); }

std::string report_file(const BacktestReport& report) {
  const std::string script = server::embedded_file(script_file);
  if (script.empty())
    return document(report, "Tables only: this build of candled holds no page, so there are no charts.", "");
  return document(report, "The charts need JavaScript.", "<script type=\"module\">" + script + "</script>\n");
}

}  // namespace candled::report
