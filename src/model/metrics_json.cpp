#include "candled/model/metrics.hpp"
#include "model/json_text.hpp"

namespace candled::model {
namespace {

std::string json_of(const Interval& interval) {
  return json_array({json_number(interval.low), json_number(interval.high)});
}

std::string json_of(const std::vector<CalibrationBin>& curve) {
  std::vector<std::string> bins;
  for (const CalibrationBin& bin : curve) {
    bins.push_back(JsonObject()
                       .number("mean_probability", bin.mean_probability)
                       .number("up_share", bin.up_share)
                       .integer("rows", static_cast<std::int64_t>(bin.rows))
                       .one_line());
  }
  return json_array(bins);
}

std::string json_of(const Baselines& baselines) {
  return JsonObject()
      .number("majority", baselines.majority)
      .number("last_direction", baselines.last_direction)
      .number("always_up", baselines.always_up)
      .number("base_rate_log_loss", baselines.base_rate_log_loss)
      .number("base_rate_brier", baselines.base_rate_brier)
      .one_line();
}

std::string json_of(const Confusion& confusion) {
  return JsonObject()
      .integer("true_up", static_cast<std::int64_t>(confusion.true_up))
      .integer("false_up", static_cast<std::int64_t>(confusion.false_up))
      .integer("true_not_up", static_cast<std::int64_t>(confusion.true_not_up))
      .integer("false_not_up", static_cast<std::int64_t>(confusion.false_not_up))
      .one_line();
}

}  // namespace

std::string to_json(const Metrics& m) {
  return JsonObject()
      .integer("rows", static_cast<std::int64_t>(m.rows))
      .text("from", to_iso8601(m.from))
      .text("to", to_iso8601(m.to))
      .number("accuracy", m.accuracy)
      .raw("accuracy_interval", json_of(m.accuracy_interval))
      .number("precision", m.precision)
      .raw("precision_interval", json_of(m.precision_interval))
      .number("recall", m.recall)
      .raw("recall_interval", json_of(m.recall_interval))
      .number("f1", m.f1)
      .raw("f1_interval", json_of(m.f1_interval))
      .number("auc", m.auc)
      .raw("auc_interval", json_of(m.auc_interval))
      .number("log_loss", m.log_loss)
      .raw("log_loss_interval", json_of(m.log_loss_interval))
      .number("brier", m.brier)
      .raw("brier_interval", json_of(m.brier_interval))
      .number("skill", m.skill)
      .raw("skill_interval", json_of(m.skill_interval))
      .raw("has_edge", m.has_edge() ? "true" : "false")
      .integer("bootstrap_block_rows", static_cast<std::int64_t>(m.block_rows))
      .raw("baselines", json_of(m.baselines))
      .raw("confusion", json_of(m.confusion))
      .raw("calibration_curve", json_of(m.calibration_curve))
      .one_line();
}

}  // namespace candled::model
