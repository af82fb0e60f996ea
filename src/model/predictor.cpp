#include "candled/model/predictor.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>
#include <vector>

#include "model/model_check.hpp"
#include "model/xgboost.hpp"

namespace candled::model {
namespace {

bool is_probability(double value) { return value >= 0.0 && value <= 1.0; }

class XgboostPredictor final : public Predictor {
 public:
  XgboostPredictor(PredictorIdentity identity, Booster booster)
      : identity_(std::move(identity)), scorer_(std::move(booster), identity_.feature_count) {}

  const std::string& name() const override { return identity_.name; }
  const std::string& feature_hash() const override { return identity_.feature_hash; }
  Duration horizon() const override { return identity_.horizon; }

  double predict(std::span<const double> row) const override {
    const Result<double> probability = scorer_.score(row);
    if (!probability || !is_probability(*probability))
      invariant_failed("a model that passed its probe failed on a row");
    return *probability;
  }

  // The first answer, given to rows at both ends of what is possible: all missing and all zero.
  Result<void> probe() const {
    for (const double value : {std::numeric_limits<double>::quiet_NaN(), 0.0}) {
      const Result<double> answer = scorer_.score(std::vector<double>(identity_.feature_count, value));
      if (!answer) return std::unexpected(answer.error());
      if (!is_probability(*answer))
        return refuse(fmt::format("its answer to a probe row is {}, not a probability", *answer));
    }
    return {};
  }

 private:
  PredictorIdentity identity_;
  RowScorer scorer_;
};

}  // namespace

Result<std::shared_ptr<const Predictor>> make_predictor(PredictorIdentity identity, std::string_view bytes) {
  if (const Result<void> sound = check_model_bytes(bytes, identity.feature_count); !sound)
    return std::unexpected(sound.error());
  Result<Booster> booster = Booster::load(bytes, identity.feature_count);
  if (!booster) return std::unexpected(booster.error());
  auto predictor = std::make_shared<XgboostPredictor>(std::move(identity), *std::move(booster));
  if (const Result<void> probed = predictor->probe(); !probed) return std::unexpected(probed.error());
  return predictor;
}

}  // namespace candled::model
