#include "engine/inference_station.hpp"

#include "candled/domain/state_archive.hpp"
#include "candled/model/promotion.hpp"

namespace candled::engine {
namespace {

constexpr const char* station = "inference";

}  // namespace

InferenceStation::InferenceStation(std::vector<std::string> feature_hashes, Duration maximum_age, flow::Receiver in,
                                   flow::Sender out, EngineStatistics& statistics)
    : Station(station, std::move(in), std::move(out)),
      feature_hashes_(std::move(feature_hashes)),
      maximum_age_(maximum_age),
      statistics_(statistics) {}

Station::Step InferenceStation::pass(Event& event) {
  if (event.kind() == EventKind::candle) {
    predict(event.market(), event.report());
  } else if (event.kind() == EventKind::model_swap) {
    take_over(event.model_swap());
  } else if (event.kind() == EventKind::checkpoint) {
    save(event.checkpoint());
  }
  emit(std::move(event));
  return Step::passed;
}

void InferenceStation::take_over(const ModelSwap& model_swap) {
  if (!model_swap.predictor) return;  // of a challenger
  predictor_ = model_swap.predictor;
  statistics_.model_swaps.add();
}

void InferenceStation::save(Checkpoint& checkpoint) const {
  StateWriter writer;
  writer(predictor_ ? predictor_->name() : std::string());
  checkpoint.states.emplace_back(station, writer.take());
}

void InferenceStation::predict(MarketId market, CandleReport& report) {
  if (!predictor_ || predictor_->feature_hash() != feature_hashes_[index_of(market)]) return;
  if (report.features.empty() || report.candle.state == CandleState::gap) return;
  Prediction prediction;
  prediction.probability_up = predictor_->predict(report.features);
  prediction.horizon = predictor_->horizon();
  prediction.signal = signal_of(prediction.probability_up, predictor_->signal_thresholds());
  prediction.model = predictor_->name();
  // By the stream's time, so that a replay decides the same.
  prediction.expired =
      maximum_age_ > Duration{} && model::is_expired(predictor_->trained_to(), report.end, maximum_age_);
  report.prediction = std::move(prediction);
  statistics_.predictions.add();
}

Result<void> InferenceStation::load(const Checkpoint& checkpoint, const LoadModel& load_model) {
  const std::string* state = find_state(checkpoint, station);
  if (state == nullptr) return {};
  std::string name;
  StateReader reader(*state);
  reader(name);
  if (!reader.at_end()) return refuse("the checkpoint's inference state is damaged");
  if (name.empty()) return {};
  Result<std::shared_ptr<const Predictor>> loaded = load_model(name);
  if (!loaded) return std::unexpected(loaded.error());
  predictor_ = *loaded;
  return {};
}

}  // namespace candled::engine
