// A backtest as one line of JSON.
#include <string_view>

#include "candled/domain/json_writer.hpp"
#include "candled/report/report.hpp"

namespace candled::report {
namespace {

constexpr int digits = 10;

void number(JsonWriter& json, std::string_view name, double value) { json.key(name).rounded(value, digits); }

void write_data(JsonWriter& json, const BacktestReport& r) {
  json.begin_object()
      .member("candles", r.result.candles())
      .member("traded", r.result.traded)
      .member("quiet", r.result.quiet);
  json.member("gaps", r.result.gaps).member("missing", r.result.missing);
  number(json, "gap_share", r.result.gap_share());
  json.member("trades", r.counts.trades).member("candles_from_trades", r.counts.candles_from_trades);
  json.member("candles_only", r.counts.candles_only).member("stored_feature_rows", r.counts.stored_rows);
  json.key("files").values(r.files).end_object();
}

void write_model(JsonWriter& json, const BacktestReport& r) {
  if (!r.model) {
    json.value(nullptr);
    return;
  }
  json.begin_object()
      .member("name", r.model->name)
      .member("kind", r.model->kind)
      .member("trained_from", r.model->trained_from);
  json.member("trained_to", r.model->trained_to).key("importance").begin_array();
  for (const FeatureWeight& f : r.importance) {
    json.begin_object().member("feature", f.feature);
    number(json, "weight", f.weight);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_round(JsonWriter& json, const WalkForwardRound& round) {
  json.begin_object().member("at", round.at).member_or_null("model", round.model).member("rows", round.rows);
  json.member("holdout_rows", round.holdout_rows);
  number(json, "accuracy", round.accuracy);
  json.member("took_over", round.promoted).member("why", round.why).end_object();
}

void write_predictions(JsonWriter& json, const engine::PredictionScore& s) {
  json.begin_object().member("predictions", s.predictions).member("known", s.rows);
  number(json, "accuracy", s.accuracy);
  number(json, "accuracy_low", s.accuracy_interval.low);
  number(json, "accuracy_high", s.accuracy_interval.high);
  number(json, "up_share", s.up_share);
  number(json, "majority", s.majority);
  number(json, "last_direction", s.last_direction);
  number(json, "log_loss", s.log_loss);
  number(json, "base_rate_log_loss", s.base_rate_log_loss);
  number(json, "skill", s.skill);
  number(json, "skill_low", s.skill_interval.low);
  number(json, "skill_high", s.skill_interval.high);
  number(json, "brier", s.brier);
  number(json, "auc", s.auc);
  json.key("calibration").begin_array();
  for (const model::CalibrationBin& bin : s.calibration) {
    json.begin_object();
    number(json, "mean_probability", bin.mean_probability);
    number(json, "up_share", bin.up_share);
    json.member("rows", bin.rows).end_object();
  }
  json.end_array().end_object();
}

void write_strategy(JsonWriter& json, const engine::StrategyResult& s, const trading::PerformanceReport* hold,
                    const Market& market) {
  json.begin_object().member("strategy", s.name).member("kind", s.kind).member("market", market.name());
  for (const Figure& figure : figures_of(s.performance, hold)) {
    const bool drawdown = std::string_view(figure.key) == "maximum_drawdown";
    number(json, figure.key, drawdown ? -figure.value : figure.value);
  }
  json.member("return_sample", to_text(s.performance.sample.ns > 0 ? s.performance.sample : market.interval));
  json.member("samples", s.performance.samples).member("orders", s.orders).member("rejected_orders", s.rejected);
  json.key("months").begin_array();
  for (const engine::MonthReturn& month : s.months) {
    json.begin_object().member("month", to_iso8601(month.month).substr(0, 7));
    number(json, "return", month.value);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::string report_json(const BacktestReport& r) {
  const trading::PerformanceReport* hold = hold_of(r.result);
  return json_object([&](JsonWriter& json) {
    json.member_or_null("backtest", r.name)
        .member("created", r.created)
        .member("version", r.version)
        .member("market", r.market.name());
    json.member("interval", to_text(r.market.interval)).member("from", r.from).member("to", r.to);
    json.member("mode", r.walk_forward ? "walk_forward" : "model");
    write_model(json.key("model"), r);
    json.member("in_sample", r.in_sample)
        .member("candles_only", r.candles_only())
        .key("warnings")
        .values(warnings_of(r));
    write_data(json.key("data"), r);
    write_predictions(json.key("predictions"), r.result.predictions);
    json.key("strategies").begin_array();
    for (const engine::StrategyResult& strategy : r.result.strategies) write_strategy(json, strategy, hold, r.market);
    json.end_array().key("rounds").begin_array();
    for (const WalkForwardRound& round : r.rounds) write_round(json, round);
    json.end_array();
    number(json, "seconds", r.seconds);
    json.member_or_null("stored_in", r.stored_in);
  });
}

}  // namespace candled::report
