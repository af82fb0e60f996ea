#include <fmt/format.h>

#include "model/json_text.hpp"
#include "model/meta.hpp"
#include "model/sha256.hpp"

namespace candled::model {
namespace {

std::int64_t whole(std::size_t count) { return static_cast<std::int64_t>(count); }

std::string json_of_names(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(json_string(name));
  return json_array(quoted);
}

std::string json_of(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(json_number(value));
  return json_array(texts);
}

// One object a line, so that the card can be read.
std::string json_lines(const std::vector<std::string>& objects) {
  std::string out = "[";
  for (const std::string& object : objects) out += fmt::format("{}\n    {}", out.size() > 1 ? "," : "", object);
  return out + (objects.empty() ? "]" : "\n  ]");
}

std::string json_of_parameters(const TrainedModel& model) {
  JsonObject parameters;
  for (std::size_t i = 0; i < model.parts.size(); ++i) {
    const std::string prefix = model.parts.size() == 1 ? "" : fmt::format("part_{}.", i + 1);
    for (const auto& [name, value] : model.parts[i].parameters) parameters.text(prefix + name, value);
  }
  return parameters.one_line();
}

std::string json_of(const LabelSettings& labels) {
  JsonObject object;
  object.number("dead_zone_bps", labels.dead_zone_bps);
  if (labels.barriers) {
    object.number("profit_bps", labels.barriers->profit_bps).number("loss_bps", labels.barriers->loss_bps);
  }
  return object.raw("uniqueness_weights", labels.uniqueness_weights ? "true" : "false").one_line();
}

std::string json_of(const Calibration& calibration) {
  JsonObject object;
  object.text("kind", name_of(kind_of(calibration)));
  if (const auto* platt = std::get_if<PlattMap>(&calibration)) {
    object.number("slope", platt->slope).number("offset", platt->offset);
  } else if (const auto* isotonic = std::get_if<IsotonicMap>(&calibration)) {
    object.raw("from", json_of(isotonic->from)).raw("to", json_of(isotonic->to));
  }
  return object.one_line();
}

std::string json_of_parts(const TrainedModel& model, const std::vector<std::string>& digests) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < model.parts.size(); ++i) {
    const TrainedPart& part = model.parts[i];
    parts.push_back(JsonObject()
                        .text("file", part_file_name(i, model.parts.size()))
                        .text("kind", part.kind)
                        .number("weight", part.weight)
                        .integer("bytes", whole(part.bytes.size()))
                        .text("sha256", digests[i])
                        .one_line());
  }
  return json_lines(parts);
}

std::string json_of(const std::vector<FoldResult>& folds) {
  std::vector<std::string> out;
  for (const FoldResult& fold : folds) {
    out.push_back(JsonObject()
                      .text("from", to_iso8601(fold.from))
                      .text("to", to_iso8601(fold.to))
                      .integer("training_rows", whole(fold.training_rows))
                      .integer("rows", whole(fold.rows))
                      .number("accuracy", fold.accuracy)
                      .number("auc", fold.auc)
                      .number("log_loss", fold.log_loss)
                      .number("base_rate_log_loss", fold.base_rate_log_loss)
                      .one_line());
  }
  return json_lines(out);
}

std::string json_of(const std::vector<Metrics>& paths) {
  std::vector<std::string> out;
  for (const Metrics& path : paths) out.push_back(to_json(path));
  return json_lines(out);
}

std::string json_of(const std::vector<CanaryResult>& canaries) {
  std::vector<std::string> out;
  for (const CanaryResult& canary : canaries) {
    out.push_back(JsonObject()
                      .text("name", canary.name)
                      .integer("rows", whole(canary.rows))
                      .number("auc", canary.auc)
                      .number("auc_max", canary.auc_max)
                      .raw("passed", canary.passed() ? "true" : "false")
                      .one_line());
  }
  return json_lines(out);
}

std::string json_of(const std::vector<FeatureImportance>& importance) {
  std::vector<std::string> out;
  for (const FeatureImportance& feature : importance) {
    out.push_back(JsonObject()
                      .text("feature", feature.feature)
                      .number("mean_contribution", feature.mean_contribution)
                      .number("gain", feature.gain)
                      .number("cover", feature.cover)
                      .one_line());
  }
  return json_lines(out);
}

std::string json_of(const std::vector<StrategyResult>& strategies) {
  std::vector<std::string> out;
  for (const StrategyResult& strategy : strategies) {
    out.push_back(JsonObject()
                      .text("name", strategy.name)
                      .number("net_return", strategy.net_return)
                      .number("buy_and_hold_return", strategy.buy_and_hold_return)
                      .integer("trades", whole(strategy.trades))
                      .one_line());
  }
  return json_lines(out);
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
  return JsonObject()
      .integer("schema_version", meta_schema_version)
      .text("name", record.name)
      .text("kind", record.kind)
      .text("created", to_iso8601(record.created))
      .text("parent", model.parent)
      .text("trained_from", to_iso8601(record.trained_from))
      .text("trained_to", to_iso8601(record.trained_to))
      .integer("training_rows", whole(model.training_rows))
      .integer("purged_rows", whole(model.purged_rows))
      .integer("flat_rows", whole(model.flat_rows))
      .text("interval", to_text(model.interval))
      .text("horizon", to_text(model.horizon))
      .raw("labels", json_of(model.labels))
      .text("feature_hash", record.feature_hash)
      .raw("features", json_of_names(model.feature_names))
      .raw("unknown_features", json_of_names(model.unknown_features))
      .raw("parameters", json_of_parameters(model))
      .integer("seed", static_cast<std::int64_t>(model.seed))
      .text("library", model.library)
      .integer("training_ms", model.took.ns / 1'000'000)
      .raw("calibration", json_of(model.calibration))
      .raw("signals", JsonObject()
                          .number("buy_above", model.thresholds.buy_above)
                          .number("sell_below", model.thresholds.sell_below)
                          .one_line())
      .raw("leaking", model.is_leaking() ? "true" : "false")
      .raw("metrics", record.metrics_json)
      .raw("walk_forward", model.walk_forward ? to_json(*model.walk_forward) : "null")
      .raw("folds", json_of(model.folds))
      .raw("combinatorial_paths", json_of(model.paths))
      .raw("canaries", json_of(model.canaries))
      .raw("strategies", json_of(model.strategies))
      .raw("importance", json_of(model.importance))
      .raw("parts", json_of_parts(model, digests))
      .text("sha256", record.sha256)
      .one_key_per_line();
}

}  // namespace candled::model
