// RateLimiter: how many requests one address may make.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "candled/domain/time.hpp"

namespace candled::server {

// A bucket for each address, refilled all the time, that holds what two seconds give. Bounded: when too many addresses
// are known, those whose bucket is full again are forgotten.
class RateLimiter {
 public:
  explicit RateLimiter(double requests_per_second) : per_second_(requests_per_second) {}  // 0: no limit

  bool allows(const std::string& address, Duration now);
  std::size_t addresses() const { return buckets_.size(); }

 private:
  struct Bucket {
    double requests = 0;
    Duration filled;
  };
  void forget_full(Duration now);
  double filled(const Bucket& bucket, Duration now) const;

  const double per_second_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace candled::server
