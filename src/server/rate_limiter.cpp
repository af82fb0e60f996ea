#include "server/rate_limiter.hpp"

namespace candled::server {
namespace {

constexpr double burst_seconds = 2;
constexpr std::size_t addresses_max = 4'096;

}  // namespace

void RateLimiter::forget_full(Duration now) {
  std::erase_if(buckets_, [&](const auto& one) { return one.second.full(now); });
  if (buckets_.size() >= addresses_max) buckets_.clear();  // all busy at once: better forgiving than without bound
}

bool RateLimiter::allows(const std::string& address, Duration now) {
  if (per_second_ <= 0) return true;
  auto found = buckets_.find(address);
  if (found == buckets_.end()) {
    if (buckets_.size() >= addresses_max) forget_full(now);
    found = buckets_.emplace(address, net::TokenBucket::per_second(per_second_, per_second_ * burst_seconds)).first;
  }
  return found->second.take(now);
}

}  // namespace candled::server
