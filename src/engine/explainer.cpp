#include "engine/explainer.hpp"

namespace candled::engine {

void Explainer::explain(std::span<Event> events) {
  for (Event& event : events) {
    if (event.kind() == EventKind::model_swap && event.model_swap().predictor)
      predictor_ = event.model_swap().predictor;
    if (event.kind() == EventKind::candle) explain(event.report());
  }
}

void Explainer::explain(CandleReport& report) const {
  if (contributions_ == 0 || !predictor_ || !report.prediction || report.stale) return;
  Prediction& prediction = *report.prediction;
  // Not of this model where its features are another market's.
  if (prediction.model != predictor_->name()) return;
  prediction.contributions = predictor_->contributions(report.features, contributions_);
}

}  // namespace candled::engine
