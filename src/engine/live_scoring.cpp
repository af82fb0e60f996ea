#include "candled/engine/live_scoring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "candled/model/drift.hpp"
#include "candled/model/registry.hpp"

namespace candled::engine {
namespace {

std::string number_text(double value) { return std::isfinite(value) ? fmt::format("{:.6g}", value) : "null"; }
std::string interval_text(const model::Interval& interval) {
  return fmt::format("[{},{}]", number_text(interval.low), number_text(interval.high));
}

}  // namespace

std::vector<ModelLive> score_models(const store::ModelReader& reader, const Market& market, std::size_t predictions_max) {
  std::vector<ModelLive> models;
  for (const auto& [name, scored] : reader.scored_predictions(market, predictions_max)) {
    std::vector<model::Label> labels;
    for (const bool up : scored.ups) labels.push_back(up ? model::Label::up : model::Label::not_up);
    models.push_back({name, market.name(), model::score_live(scored.probabilities, labels, scored.horizon_rows)});
  }
  return models;
}

Result<DriftReport> measure_drift(const store::ModelReader& reader, const Market& market, const std::filesystem::path& registry,
                                  const std::string& model, const std::vector<std::string>& feature_names, std::size_t rows_max) {
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

std::string to_json(const ModelLive& live) {
  const model::LiveScore& s = live.score;
  return fmt::format(
      "{{\"market\":\"{}\",\"rows\":{},\"hit_rate\":{},\"hit_rate_interval\":{},\"brier\":{},\"brier_interval\":{},"
      "\"log_loss\":{},\"log_loss_interval\":{}}}",
      live.market, s.rows, number_text(s.hit_rate), interval_text(s.hit_rate_interval), number_text(s.brier),
      interval_text(s.brier_interval), number_text(s.log_loss), interval_text(s.log_loss_interval));
}

std::string to_json(const DriftReport& drift) {
  std::string features;
  for (const FeatureDrift& one : drift.features) {
    features += fmt::format("{}{{\"feature\":\"{}\",\"psi\":{}}}", features.empty() ? "" : ",", one.feature, number_text(one.stability_index));
  }
  return fmt::format("{{\"rows\":{},\"predictions_psi\":{},\"features\":[{}]}}", drift.rows, number_text(drift.predictions), features);
}

}  // namespace candled::engine
