#include "candled/domain/json_writer.hpp"
#include "candled/model/metrics.hpp"

namespace candled::model {
namespace {

void write_interval(JsonWriter& json, std::string_view name, const Interval& interval) {
  json.key(name).begin_array().value(interval.low).value(interval.high).end_array();
}

void write_curve(JsonWriter& json, const std::vector<CalibrationBin>& curve) {
  json.begin_array();
  for (const CalibrationBin& bin : curve) {
    json.begin_object()
        .member("mean_probability", bin.mean_probability)
        .member("up_share", bin.up_share)
        .member("rows", bin.rows)
        .end_object();
  }
  json.end_array();
}

void write_baselines(JsonWriter& json, const Baselines& b) {
  json.begin_object()
      .member("majority", b.majority)
      .member("last_direction", b.last_direction)
      .member("always_up", b.always_up);
  json.member("base_rate_log_loss", b.base_rate_log_loss).member("base_rate_brier", b.base_rate_brier).end_object();
}

void write_confusion(JsonWriter& json, const Confusion& c) {
  json.begin_object().member("true_up", c.true_up).member("false_up", c.false_up).member("true_not_up", c.true_not_up);
  json.member("false_not_up", c.false_not_up).end_object();
}

}  // namespace

std::string to_json(const Metrics& m) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("rows", m.rows).member("from", m.from).member("to", m.to).member("accuracy", m.accuracy);
  write_interval(json, "accuracy_interval", m.accuracy_interval);
  json.member("precision", m.precision);
  write_interval(json, "precision_interval", m.precision_interval);
  json.member("recall", m.recall);
  write_interval(json, "recall_interval", m.recall_interval);
  json.member("f1", m.f1);
  write_interval(json, "f1_interval", m.f1_interval);
  json.member("auc", m.auc);
  write_interval(json, "auc_interval", m.auc_interval);
  json.member("log_loss", m.log_loss);
  write_interval(json, "log_loss_interval", m.log_loss_interval);
  json.member("brier", m.brier);
  write_interval(json, "brier_interval", m.brier_interval);
  json.member("skill", m.skill);
  write_interval(json, "skill_interval", m.skill_interval);
  json.member("has_edge", m.has_edge()).member("bootstrap_block_rows", m.block_rows);
  write_baselines(json.key("baselines"), m.baselines);
  write_confusion(json.key("confusion"), m.confusion);
  write_curve(json.key("calibration_curve"), m.calibration_curve);
  json.end_object();
  return out;
}

}  // namespace candled::model
