#include "candled/engine/live_scoring.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "candled/domain/json_writer.hpp"
#include "candled/model/drift.hpp"
#include "candled/model/registry.hpp"

namespace candled::engine {
namespace {

constexpr int digits = 6;

void write_interval(JsonWriter& json, const model::Interval& interval) {
  json.begin_array().rounded(interval.low, digits).rounded(interval.high, digits).end_array();
}

}  // namespace

std::vector<ModelLive> score_models(const store::ModelReader& reader, const Market& market,
                                    std::size_t predictions_max) {
  std::vector<ModelLive> models;
  for (const auto& [name, scored] : reader.scored_predictions(market, predictions_max)) {
    std::vector<model::Label> labels;
    for (const bool up : scored.ups) labels.push_back(up ? model::Label::up : model::Label::not_up);
    models.push_back({name, market.name(), model::score_live(scored.probabilities, labels, scored.horizon_rows)});
  }
  return models;
}

Result<DriftReport> measure_drift(const store::ModelReader& reader, const Market& market,
                                  const std::filesystem::path& registry, const std::string& model,
                                  const std::vector<std::string>& feature_names, std::size_t rows_max) {
  const std::size_t width = feature_names.size();
  const Result<model::DriftReference> reference = model::read_drift_reference(registry.string(), model, width);
  if (!reference) return std::unexpected(reference.error());
  const store::ModelReader::LiveRows live = reader.live_rows(model, market, width, rows_max);
  DriftReport report;
  report.rows = live.probabilities.size();
  model::DriftCounter predictions(reference->predictions);
  for (const double probability : live.probabilities) predictions.add(probability);
  report.predictions = predictions.stability_index();
  for (std::size_t column = 0; column < width; ++column) {
    model::DriftCounter counter(reference->features[column]);
    for (std::size_t at = column; at < live.features.size(); at += width) counter.add(live.features[at]);
    report.features.push_back({feature_names[column], counter.stability_index()});
  }
  std::ranges::stable_sort(report.features, std::greater{}, [](const FeatureDrift& one) {
    return std::isfinite(one.stability_index) ? one.stability_index : -1.0;
  });
  return report;
}

std::string to_json(const ModelLive& live, const DriftReport* drift) {
  const model::LiveScore& s = live.score;
  std::string out;
  JsonWriter json(out);
  json.begin_object().member("market", live.market).member("rows", s.rows).key("hit_rate").rounded(s.hit_rate, digits);
  write_interval(json.key("hit_rate_interval"), s.hit_rate_interval);
  json.key("brier").rounded(s.brier, digits);
  write_interval(json.key("brier_interval"), s.brier_interval);
  json.key("log_loss").rounded(s.log_loss, digits);
  write_interval(json.key("log_loss_interval"), s.log_loss_interval);
  if (drift != nullptr) json.key("drift").json(to_json(*drift));
  json.end_object();
  return out;
}

std::string to_json(const DriftReport& drift) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("rows", drift.rows)
      .key("predictions_psi")
      .rounded(drift.predictions, digits)
      .key("features")
      .begin_array();
  for (const FeatureDrift& one : drift.features) {
    json.begin_object().member("feature", one.feature).key("psi").rounded(one.stability_index, digits).end_object();
  }
  json.end_array().end_object();
  return out;
}

}  // namespace candled::engine
