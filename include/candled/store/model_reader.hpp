// ModelReader: what the file knows about models: aliases, the history of champions, and the outcomes of predictions.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

// Predictions of one model in one market whose outcome is known, oldest first. Stale ones included.
struct ScoredPredictions {
  std::vector<double> probabilities;
  std::vector<bool> ups;
  std::size_t horizon_rows = 1;  // candles that a prediction looks ahead
};

// One line of the history of champions.
struct PromotionRecord {
  std::string model;
  Timestamp decided;  // market time; 0: not known
  std::string why;
};

// One connection: use it from one thread at a time. Every call throws StoreError when the file cannot be read.
class ModelReader {
 public:
  // The file must exist and be ours.
  explicit ModelReader(const std::filesystem::path& path);
  ~ModelReader();
  ModelReader(ModelReader&&) noexcept;

  std::optional<std::string> champion() const;
  std::optional<std::string> challenger() const;
  std::vector<PromotionRecord> promotions() const;     // the present champion last
  std::optional<std::string> last_model_swap() const;  // the model of the newest model swap
  std::optional<Timestamp> newest_created() const;     // of the models in the file

  // The newest `count_max` of the market, by model.
  std::map<std::string, ScoredPredictions> scored_predictions(const Market& market, std::size_t count_max) const;
  // Feature rows that the model predicted on, the newest `count_max`, row-major; rows of another width are left out. And what it
  // said of each.
  struct LiveRows {
    std::vector<double> features, probabilities;
  };
  LiveRows live_rows(const std::string& model, const Market& market, std::size_t width, std::size_t count_max) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
