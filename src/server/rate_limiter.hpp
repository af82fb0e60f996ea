// RateLimiter: how many requests one address may make.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "candled/net/token_bucket.hpp"

namespace candled::server {

// A bucket for each address, refilled all the time, that holds what two seconds give. Bounded: when too many addresses
// are known, those whose bucket is full again are forgotten.
class RateLimiter {
 public:
  explicit RateLimiter(double requests_per_second) : per_second_(requests_per_second) {}  // 0: no limit

  bool allows(const std::string& address, Duration now);
  std::size_t addresses() const { return buckets_.size(); }

 private:
  void forget_full(Duration now);

  const double per_second_;
  std::map<std::string, net::TokenBucket> buckets_;
};

}  // namespace candled::server
