#include <fmt/format.h>

#include "candled/domain/json_writer.hpp"
#include "model/meta.hpp"
#include "model/sha256.hpp"

namespace candled::model {
namespace {

// One object a line, so that the card can be read.
template <class Items, class Write>
void write_lines(JsonWriter& json, const Items& items, Write write) {
  json.begin_array();
  for (const auto& item : items) {
    json.space("\n    ");
    write(item);
  }
  if (!items.empty()) json.space("\n  ");
  json.end_array();
}

void write_parameters(JsonWriter& json, const TrainedModel& model) {
  json.begin_object();
  for (std::size_t i = 0; i < model.parts.size(); ++i) {
    const std::string prefix = model.parts.size() == 1 ? "" : fmt::format("part_{}.", i + 1);
    for (const auto& [name, value] : model.parts[i].parameters) json.member(prefix + name, value);
  }
  json.end_object();
}

void write_labels(JsonWriter& json, const LabelSettings& labels) {
  json.begin_object().member("dead_zone_bps", labels.dead_zone_bps);
  if (labels.barriers)
    json.member("profit_bps", labels.barriers->profit_bps).member("loss_bps", labels.barriers->loss_bps);
  json.member("uniqueness_weights", labels.uniqueness_weights).end_object();
}

void write_calibration(JsonWriter& json, const Calibration& calibration) {
  json.begin_object().member("kind", name_of(kind_of(calibration)));
  if (const auto* platt = std::get_if<PlattMap>(&calibration)) {
    json.member("slope", platt->slope).member("offset", platt->offset);
  } else if (const auto* isotonic = std::get_if<IsotonicMap>(&calibration)) {
    json.key("from").values(isotonic->from).key("to").values(isotonic->to);
  }
  json.end_object();
}

void write_parts(JsonWriter& json, const TrainedModel& model, const std::vector<std::string>& digests) {
  std::size_t i = 0;
  write_lines(json, model.parts, [&](const TrainedPart& part) {
    json.begin_object()
        .member("file", part_file_name(i, model.parts.size()))
        .member("kind", part.kind)
        .member("weight", part.weight);
    json.member("bytes", part.bytes.size()).member("sha256", digests[i]).end_object();
    ++i;
  });
}

void write_folds(JsonWriter& json, const std::vector<FoldResult>& folds) {
  write_lines(json, folds, [&](const FoldResult& fold) {
    json.begin_object()
        .member("from", fold.from)
        .member("to", fold.to)
        .member("training_rows", fold.training_rows)
        .member("rows", fold.rows);
    json.member("accuracy", fold.accuracy).member("auc", fold.auc).member("log_loss", fold.log_loss);
    json.member("base_rate_log_loss", fold.base_rate_log_loss).end_object();
  });
}

void write_canaries(JsonWriter& json, const std::vector<CanaryResult>& canaries) {
  write_lines(json, canaries, [&](const CanaryResult& canary) {
    json.begin_object()
        .member("name", canary.name)
        .member("rows", canary.rows)
        .member("auc", canary.auc)
        .member("auc_max", canary.auc_max);
    json.member("passed", canary.passed()).end_object();
  });
}

void write_strategies(JsonWriter& json, const std::vector<StrategyResult>& strategies) {
  write_lines(json, strategies, [&](const StrategyResult& strategy) {
    json.begin_object().member("name", strategy.name).member("net_return", strategy.net_return);
    json.member("buy_and_hold_return", strategy.buy_and_hold_return).member("trades", strategy.trades).end_object();
  });
}

void write_importance(JsonWriter& json, const std::vector<FeatureImportance>& importance) {
  write_lines(json, importance, [&](const FeatureImportance& feature) {
    json.begin_object().member("feature", feature.feature).member("mean_contribution", feature.mean_contribution);
    json.member("gain", feature.gain).member("cover", feature.cover).end_object();
  });
}

}  // namespace

std::string part_file_name(std::size_t part, std::size_t parts) {
  return parts == 1 ? "model.ubj" : fmt::format("model_{}.ubj", part + 1);
}

std::string digest_of_parts(const std::vector<std::string>& digests) {
  if (digests.size() == 1) return digests.front();
  std::string all;
  for (const std::string& digest : digests) all += digest;
  return sha256_hex(all);
}

std::string meta_text(const TrainedModel& model, const ModelRecord& record, const std::vector<std::string>& digests) {
  std::string out;
  JsonWriter json(out);
  // A key a line: people open this file.
  const auto key = [&](std::string_view name) -> JsonWriter& { return json.space("\n  ").key(name).space(" "); };
  json.begin_object();
  key("schema_version").value(meta_schema_version);
  key("name").value(record.name);
  key("kind").value(record.kind);
  key("created").value(record.created);
  key("parent").value(model.parent);
  key("trained_from").value(record.trained_from);
  key("trained_to").value(record.trained_to);
  key("training_rows").value(model.training_rows);
  key("purged_rows").value(model.purged_rows);
  key("flat_rows").value(model.flat_rows);
  key("interval").value(to_text(model.interval));
  key("horizon").value(to_text(model.horizon));
  write_labels(key("labels"), model.labels);
  key("feature_hash").value(record.feature_hash);
  key("features").values(model.feature_names);
  key("unknown_features").values(model.unknown_features);
  write_parameters(key("parameters"), model);
  key("seed").value(static_cast<std::int64_t>(model.seed));
  key("library").value(model.library);
  key("training_ms").value(model.took / Duration::milliseconds(1));
  write_calibration(key("calibration"), model.calibration);
  key("signals")
      .begin_object()
      .member("buy_above", model.thresholds.buy_above)
      .member("sell_below", model.thresholds.sell_below)
      .end_object();
  key("leaking").value(model.is_leaking());
  key("metrics").json(record.metrics_json);
  key("walk_forward").json(model.walk_forward ? to_json(*model.walk_forward) : "null");
  write_folds(key("folds"), model.folds);
  write_lines(key("combinatorial_paths"), model.paths, [&](const Metrics& path) { json.json(to_json(path)); });
  write_canaries(key("canaries"), model.canaries);
  write_strategies(key("strategies"), model.strategies);
  write_importance(key("importance"), model.importance);
  write_parts(key("parts"), model, digests);
  key("sha256").value(record.sha256);
  json.space("\n").end_object();
  return out += '\n';
}

}  // namespace candled::model
