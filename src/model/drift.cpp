#include "candled/model/drift.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace candled::model {
namespace {

constexpr std::size_t bins_max = 10;
constexpr double share_min = 1e-4;

std::size_t bin_of(const DriftBins& bins, double value) {
  if (!std::isfinite(value)) return bins.edges.size() + 1;
  return static_cast<std::size_t>(std::ranges::lower_bound(bins.edges, value) - bins.edges.begin());
}

}  // namespace

DriftBins drift_bins(std::span<const double> values, std::size_t offset, std::size_t stride) {
  std::vector<double> known;
  std::size_t rows = 0;
  for (std::size_t i = offset; i < values.size(); i += stride, ++rows) {
    if (std::isfinite(values[i])) known.push_back(values[i]);
  }
  std::ranges::sort(known);
  DriftBins bins;
  for (std::size_t i = 1; i < bins_max && !known.empty(); ++i) {
    const double edge = known[known.size() * i / bins_max];
    if ((bins.edges.empty() || edge > bins.edges.back()) && edge < known.back()) bins.edges.push_back(edge);
  }
  bins.shares.assign(bins.edges.size() + 2, 0.0);
  if (rows == 0) return bins;
  const double one = 1.0 / static_cast<double>(rows);
  for (const double value : known) bins.shares[bin_of(bins, value)] += one;
  bins.shares.back() = static_cast<double>(rows - known.size()) * one;
  return bins;
}

DriftCounter::DriftCounter(DriftBins reference) : reference_(std::move(reference)), counts_(reference_.shares.size()) {}

void DriftCounter::add(double value) {
  ++counts_[bin_of(reference_, value)];
  ++rows_;
}

double DriftCounter::stability_index() const {
  if (rows_ == 0) return std::numeric_limits<double>::quiet_NaN();
  double index = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double live = std::max(static_cast<double>(counts_[i]) / static_cast<double>(rows_), share_min);
    const double learned = std::max(reference_.shares[i], share_min);
    index += (live - learned) * std::log(live / learned);
  }
  return index;
}

}  // namespace candled::model
