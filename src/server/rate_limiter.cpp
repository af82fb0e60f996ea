#include "server/rate_limiter.hpp"

#include <algorithm>

namespace candled::server {
namespace {

constexpr double burst_seconds = 2;
constexpr std::size_t addresses_max = 4'096;

}  // namespace

double RateLimiter::filled(const Bucket& bucket, Duration now) const {
  const double seconds = static_cast<double>((now - bucket.filled).ns) / 1e9;
  return std::min(per_second_ * burst_seconds, bucket.requests + seconds * per_second_);
}

void RateLimiter::forget_full(Duration now) {
  std::erase_if(buckets_, [&](const auto& one) { return filled(one.second, now) >= per_second_ * burst_seconds; });
  if (buckets_.size() >= addresses_max) buckets_.clear();  // all busy at once: better forgiving than without bound
}

bool RateLimiter::allows(const std::string& address, Duration now) {
  if (per_second_ <= 0) return true;
  auto found = buckets_.find(address);
  if (found == buckets_.end()) {
    if (buckets_.size() >= addresses_max) forget_full(now);
    found = buckets_.emplace(address, Bucket{per_second_ * burst_seconds, now}).first;
  }
  Bucket& bucket = found->second;
  bucket.requests = filled(bucket, now);
  bucket.filled = now;
  if (bucket.requests < 1) return false;
  bucket.requests -= 1;
  return true;
}

}  // namespace candled::server
