// A backtest as one line of JSON.
#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "candled/report/report.hpp"
#include "candled/domain/json_text.hpp"

namespace candled::report {
namespace {

class JsonObject {
 public:
  JsonObject& raw(std::string_view key, std::string_view value) {
    text_ += fmt::format("{}{}:{}", text_.empty() ? "" : ",", json_text(key), value);
    return *this;
  }
  JsonObject& text(std::string_view key, std::string_view value) { return raw(key, json_text(value)); }
  JsonObject& time(std::string_view key, Timestamp value) { return text(key, to_iso8601(value)); }
  JsonObject& number(std::string_view key, double value) { return raw(key, std::isfinite(value) ? fmt::format("{:.10g}", value) : "null"); }
  JsonObject& count(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
  JsonObject& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  std::string done() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

template <class Items, class Make>
std::string list(const Items& items, Make make) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ",") + make(item);
  return "[" + out + "]";
}

std::string data_json(const BacktestReport& r) {
  return JsonObject()
      .count("candles", r.result.candles())
      .count("traded", r.result.traded)
      .count("quiet", r.result.quiet)
      .count("gaps", r.result.gaps)
      .count("missing", r.result.missing)
      .number("gap_share", r.result.gap_share())
      .count("trades", r.counts.trades)
      .count("candles_from_trades", r.counts.candles_from_trades)
      .count("candles_only", r.counts.candles_only)
      .count("stored_feature_rows", r.counts.stored_rows)
      .raw("files", json_texts(r.files))
      .done();
}

std::string model_json(const BacktestReport& r) {
  if (!r.model) return "null";
  return JsonObject()
      .text("name", r.model->name)
      .text("kind", r.model->kind)
      .time("trained_from", r.model->trained_from)
      .time("trained_to", r.model->trained_to)
      .raw("importance", list(r.importance, [](const FeatureWeight& f) { return JsonObject().text("feature", f.feature).number("weight", f.weight).done(); }))
      .done();
}

std::string round_json(const WalkForwardRound& round) {
  return JsonObject()
      .time("at", round.at)
      .raw("model", round.model.empty() ? "null" : json_text(round.model))
      .count("rows", round.rows)
      .count("holdout_rows", round.holdout_rows)
      .number("accuracy", round.accuracy)
      .flag("took_over", round.promoted)
      .text("why", round.why)
      .done();
}

std::string predictions_json(const engine::PredictionScore& s) {
  return JsonObject()
      .count("predictions", s.predictions)
      .count("known", s.rows)
      .number("accuracy", s.accuracy)
      .number("accuracy_low", s.accuracy_interval.low)
      .number("accuracy_high", s.accuracy_interval.high)
      .number("up_share", s.up_share)
      .number("majority", s.majority)
      .number("last_direction", s.last_direction)
      .number("log_loss", s.log_loss)
      .number("base_rate_log_loss", s.base_rate_log_loss)
      .number("skill", s.skill)
      .number("skill_low", s.skill_interval.low)
      .number("skill_high", s.skill_interval.high)
      .number("brier", s.brier)
      .number("auc", s.auc)
      .raw("calibration", list(s.calibration,
                               [](const model::CalibrationBin& bin) {
                                 return JsonObject()
                                     .number("mean_probability", bin.mean_probability)
                                     .number("up_share", bin.up_share)
                                     .count("rows", static_cast<std::int64_t>(bin.rows))
                                     .done();
                               }))
      .done();
}

std::string strategy_json(const engine::StrategyResult& s, const trading::PerformanceReport* hold, const Market& market) {
  JsonObject json;
  json.text("strategy", s.name).text("kind", s.kind).text("market", market.name());
  for (const Figure& figure : figures_of(s.performance, hold)) {
    const bool drawdown = std::string_view(figure.key) == "maximum_drawdown";
    json.number(figure.key, drawdown ? -figure.value : figure.value);
  }
  json.text("return_sample", to_text(s.performance.sample.ns > 0 ? s.performance.sample : market.interval));
  json.count("samples", static_cast<std::int64_t>(s.performance.samples));
  json.count("orders", s.orders).count("rejected_orders", s.rejected);
  json.raw("months", list(s.months, [](const engine::MonthReturn& month) {
             return JsonObject().text("month", to_iso8601(month.month).substr(0, 7)).number("return", month.value).done();
           }));
  return json.done();
}

}  // namespace

std::string report_json(const BacktestReport& r) {
  const trading::PerformanceReport* hold = hold_of(r.result);
  JsonObject json;
  json.raw("backtest", r.name.empty() ? "null" : json_text(r.name))
      .time("created", r.created)
      .text("version", r.version)
      .text("market", r.market.name())
      .text("interval", to_text(r.market.interval))
      .time("from", r.from)
      .time("to", r.to)
      .text("mode", r.walk_forward ? "walk_forward" : "model")
      .raw("model", model_json(r))
      .flag("in_sample", r.in_sample)
      .flag("candles_only", r.candles_only())
      .raw("warnings", json_texts(warnings_of(r)))
      .raw("data", data_json(r))
      .raw("predictions", predictions_json(r.result.predictions))
      .raw("strategies", list(r.result.strategies, [&](const engine::StrategyResult& s) { return strategy_json(s, hold, r.market); }))
      .raw("rounds", list(r.rounds, round_json))
      .number("seconds", r.seconds)
      .raw("stored_in", r.stored_in.empty() ? "null" : json_text(r.stored_in));
  return json.done();
}

}  // namespace candled::report
