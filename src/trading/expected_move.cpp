#include "trading/expected_move.hpp"

#include <algorithm>
#include <cmath>

namespace candled::trading {
namespace {

constexpr std::int64_t warm_returns = 30;
constexpr std::int64_t memory_returns = 60;

}  // namespace

void ExpectedMove::on_close(Price close) {
  if (close.is_positive() && last_close_.is_positive()) {
    const double move = std::abs(close.to_double() / last_close_.to_double() - 1);
    // A plain mean at first, so that the start has no more weight than the rest.
    returns_ = std::min(returns_ + 1, memory_returns);
    mean_ += (move - mean_) / static_cast<double>(returns_);
  }
  last_close_ = close;
}

std::optional<double> ExpectedMove::over(Duration horizon, double probability_up) const {
  if (returns_ < warm_returns) return std::nullopt;
  const double candles = static_cast<double>(horizon.ns) / static_cast<double>(interval_.ns);
  return std::abs(2 * probability_up - 1) * mean_ * std::sqrt(candles);
}

bool ExpectedMove::load(StateReader& in) {
  ExpectedMove loaded(interval_);
  in(loaded.last_close_), in(loaded.mean_), in(loaded.returns_);
  const bool good = in.ok() && loaded.last_close_ >= Price{} && loaded.mean_ >= 0 && std::isfinite(loaded.mean_) &&
                    loaded.returns_ >= 0 && loaded.returns_ <= memory_returns;
  if (good) *this = loaded;
  return good;
}

}  // namespace candled::trading
