#include "store/outlier_band.hpp"

#include <algorithm>
#include <cmath>

namespace candled::store {
namespace {

constexpr double robust_scale = 1.4826;  // median absolute deviation to standard deviation, of a normal distribution
constexpr double deviation_min = 1e-4;
constexpr std::size_t moves_min = 30;  // fewer say nothing about what is usual
constexpr std::size_t worst_max = 5;
constexpr std::size_t neighbours = 5;  // on each side
constexpr double of_neighbours = 4;    // a wild hour is wild all over

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Whether the candles beside it moved as much.
bool stands_alone(const std::vector<Outlier>& moves, std::size_t at) {
  std::vector<double> beside;
  for (std::size_t i = at < neighbours ? 0 : at - neighbours; i < std::min(moves.size(), at + neighbours + 1); ++i) {
    if (i != at) beside.push_back(moves[i].move);
  }
  return beside.empty() || moves[at].move > of_neighbours * median(beside);
}

}  // namespace

void OutlierBand::add(Timestamp open_time, double close_before, double high, double low) {
  const double move = std::max(std::abs(std::log(high / close_before)), std::abs(std::log(low / close_before)));
  if (!std::isfinite(move)) return;
  moves_.push_back({open_time, move, 0});
  if (moves_.size() == window) judge();
}

void OutlierBand::finish() {
  if (!moves_.empty()) judge();
}

void OutlierBand::judge() {
  std::vector<double> values;
  for (const auto* part : {&before_, &moves_}) {
    for (const Outlier& move : *part) values.push_back(move.move);
  }
  if (values.size() >= moves_min) {
    const double middle = median(values);
    for (double& value : values) value = std::abs(value - middle);
    const double width = deviations * std::max(robust_scale * median(values), deviation_min);
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      Outlier& move = moves_[i];
      move.times = (move.move - middle) / width;
      if (move.times <= 1 || !stands_alone(moves_, i)) continue;
      ++count_;
      worst_.push_back(move);
    }
    std::ranges::stable_sort(worst_, std::ranges::greater{}, &Outlier::times);
    if (worst_.size() > worst_max) worst_.resize(worst_max);
  }
  before_ = std::move(moves_);
  moves_.clear();
}

}  // namespace candled::store
