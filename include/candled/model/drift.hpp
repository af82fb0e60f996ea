// Drift: how far live values have moved from a model's training data. Population stability index over ten bins of equal
// size in the training window and one for what is missing: sum of (live - training) * ln(live / training). By convention,
// not a test: below 0.1 little drift, above 0.25 much. It grows with fewer rows, so `rows` belongs beside it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::model {

// Bin i holds edges[i - 1] < value <= edges[i]; the last share is that of missing values.
struct DriftBins {
  std::vector<double> edges;   // ascending, at most 9; fewer where values repeat
  std::vector<double> shares;  // edges + 2 of them: the bins, and missing
};

struct DriftReference {
  std::vector<DriftBins> features;  // in the order of the feature list
  DriftBins predictions;            // probabilities on the hold-out
};

// values: every `stride`-th belongs to the column, from `offset` on; NaN and infinities are missing.
DriftBins drift_bins(std::span<const double> values, std::size_t offset = 0, std::size_t stride = 1);

// Counts live values against a reference. One row at a time, no allocation.
class DriftCounter {
 public:
  explicit DriftCounter(DriftBins reference);
  void add(double value);
  std::size_t rows() const { return rows_; }
  // NaN without rows. Shares are kept above 1e-4, so an empty bin costs much but not infinitely much.
  double stability_index() const;

 private:
  DriftBins reference_;
  std::vector<std::size_t> counts_;
  std::size_t rows_ = 0;
};

// The file beside the model: one line of JSON, and back. Takes any bytes.
std::string to_json(const DriftReference& reference);
Result<DriftReference> parse_drift_reference(std::string_view text, std::size_t feature_count);

}  // namespace candled::model
