#include "candled/features/warm_up_check.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace candled::features {
namespace {

constexpr double agreement = 1e-9;

}  // namespace

WarmUpCheck::WarmUpCheck(Duration interval, std::span<const std::string> names, std::vector<std::size_t> places,
                         int limit_candles)
    : interval_(interval),
      names_(names.begin(), names.end()),
      places_(places.rbegin(), places.rend()),
      limit_candles_(limit_candles) {
  const std::size_t width = FeatureSet(interval_, names_).size();
  size_sums_.resize(width);
  size_counts_.resize(width);
  longest_.resize(width);
  most_known_.resize(width);
}

void WarmUpCheck::update(const Candle& candle, std::span<const double> row, const BookFacts* book) {
  if (!places_.empty() && places_.back() == position_) {
    places_.pop_back();
    followers_.push_back(
        {FeatureSet(interval_, names_), 0, std::vector<int>(longest_.size(), 0), std::vector<int>(longest_.size(), 0)});
  }
  ++position_;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (std::isnan(row[k])) continue;
    size_sums_[k] += std::abs(row[k]);
    size_counts_[k] += 1;
  }
  for (Follower& follower : followers_) {
    ++follower.candles;
    compare(follower, row, follower.set.update(candle, book));
  }
  const auto ended = [this](const Follower& follower) { return follower.candles >= limit_candles_; };
  for (const Follower& follower : followers_) {
    if (ended(follower)) finish(follower);
  }
  std::erase_if(followers_, ended);
}

void WarmUpCheck::compare(Follower& follower, std::span<const double> row, std::span<const double> other) const {
  for (std::size_t k = 0; k < row.size() && k < other.size(); ++k) {
    const double a = row[k], b = other[k];
    if (std::isnan(a) && std::isnan(b)) continue;
    if (!std::isnan(a) && !std::isnan(b)) ++follower.known[k];
    const double size = std::max(std::abs(a), size_counts_[k] > 0 ? size_sums_[k] / size_counts_[k] : 0);
    if (!(std::abs(a - b) <= agreement * size)) follower.last_disagreement[k] = follower.candles;
  }
}

void WarmUpCheck::finish(const Follower& follower) {
  ++followed_;
  for (std::size_t k = 0; k < longest_.size(); ++k) {
    longest_[k] = std::max(longest_[k], follower.last_disagreement[k]);
    most_known_[k] = std::max(most_known_[k], follower.known[k]);
  }
}

std::vector<WarmUp> WarmUpCheck::result() const {
  const FeatureSet set(interval_, names_);
  std::vector<WarmUp> warm_ups;
  for (std::size_t k = 0; k < longest_.size(); ++k) {
    WarmUp warm_up{set.list()[k].name, set.list()[k].warm_up_candles, size_counts_[k] > 0, std::nullopt};
    // Two sets that agree on nothing known (a record of gaps) have proven nothing; ones that never came to agree have.
    if (most_known_[k] < warm_up.declared_candles && longest_[k] < limit_candles_) warm_up.ever_known = false;
    if (warm_up.ever_known && longest_[k] < limit_candles_) warm_up.measured_candles = longest_[k] + 1;
    warm_ups.push_back(std::move(warm_up));
  }
  return warm_ups;
}

std::vector<std::size_t> places_to_start(std::size_t candles, std::size_t wanted, int limit_candles) {
  const auto limit = static_cast<std::size_t>(limit_candles);
  std::vector<std::size_t> places;
  if (candles <= limit) return places;
  const std::size_t room = candles - limit;
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::size_t place = room * (i + 1) / (wanted + 1);
    if (place > 0 && (places.empty() || place > places.back())) places.push_back(place);
  }
  return places;
}

}  // namespace candled::features
