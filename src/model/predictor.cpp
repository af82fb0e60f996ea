#include "candled/model/predictor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/trees.hpp"
#include "model/xgboost.hpp"

namespace candled::model {
namespace {

bool is_probability(double value) { return value >= 0.0 && value <= 1.0; }

struct Voter {
  Trees trees;
  double weight;  // all together 1
};

class TreePredictor final : public ModelPredictor {
 public:
  TreePredictor(PredictorIdentity identity, std::vector<Voter> voters, Calibration calibration,
                SignalThresholds thresholds)
      : identity_(std::move(identity)),
        voters_(std::move(voters)),
        calibration_(std::move(calibration)),
        thresholds_(thresholds),
        row_(identity_.feature_count) {}

  const std::string& name() const override { return identity_.name; }
  const std::string& feature_hash() const override { return identity_.feature_hash; }
  Duration horizon() const override { return identity_.horizon; }
  Timestamp trained_to() const override { return identity_.trained_to; }
  SignalThresholds signal_thresholds() const override { return thresholds_; }

  double predict(std::span<const double> row) const override {
    take(row, row_);
    double vote = 0;
    for (const Voter& voter : voters_) vote += voter.weight * voter.trees.probability(row_);
    const double probability = calibrated(calibration_, std::min(vote, 1.0));
    if (!is_probability(probability)) invariant_failed("a sound model gave no probability");
    return probability;
  }

  std::vector<Contribution> contributions(std::span<const double> row, std::size_t count) const override {
    std::vector<float> taken(row_.size());  // of its own: another thread may be predicting
    take(row, taken);
    std::vector<double> sums(taken.size(), 0.0);
    for (const Voter& voter : voters_) voter.trees.add_contributions(taken, voter.weight, sums);
    std::vector<Contribution> all;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (sums[i] != 0 && std::isfinite(sums[i])) all.push_back({i, sums[i]});
    }
    std::ranges::stable_sort(all, std::greater{}, [](const Contribution& c) { return std::abs(c.log_odds); });
    all.resize(std::min(all.size(), count));
    return all;
  }

 private:
  static void take(std::span<const double> row, std::vector<float>& values) {
    if (row.size() != values.size()) invariant_failed("feature row of another length offered to a model");
    std::ranges::transform(row, values.begin(), to_library_value);
  }

  PredictorIdentity identity_;
  std::vector<Voter> voters_;
  Calibration calibration_;
  SignalThresholds thresholds_;
  mutable std::vector<float> row_;  // of predict: one caller at a time
};

}  // namespace

Result<std::shared_ptr<const ModelPredictor>> make_predictor(PredictorIdentity identity,
                                                             std::span<const ModelPart> parts, Calibration calibration,
                                                             SignalThresholds thresholds) {
  if (parts.empty()) return refuse("a model without parts");
  double weights = 0;
  for (const ModelPart& part : parts) {
    if (!(part.weight > 0 && part.weight < 1e9)) return refuse("the weight of a part is not a positive number");
    weights += part.weight;
  }
  std::vector<Voter> voters;
  for (const ModelPart& part : parts) {
    Result<Trees> trees = Trees::parse(part.bytes, identity.feature_count);
    if (!trees) return std::unexpected(trees.error());
    voters.push_back({*std::move(trees), part.weight / weights});
  }
  return std::make_shared<TreePredictor>(std::move(identity), std::move(voters), std::move(calibration), thresholds);
}

}  // namespace candled::model
