// Counters and gauges that one thread writes and any thread reads: the stations report what they do without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace candled::flow {

class Counter {
 public:
  void add(std::int64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// A flag, raised rarely, from any thread or the signal thread.
class Flag {
 public:
  void raise() { raised_.store(true, std::memory_order_release); }
  bool raised() const { return raised_.load(std::memory_order_acquire); }
  bool take() { return raised_.exchange(false, std::memory_order_acq_rel); }

 private:
  std::atomic<bool> raised_{false};
};

// Durations in microseconds, counted in buckets whose bounds double: 1 us, 2 us, ... about 9 minutes.
class LatencyHistogram {
 public:
  void record_us(std::int64_t us) {
    std::size_t bucket = 0;
    while (bucket + 1 < buckets_.size() && upper_bound_us(bucket) < us) ++bucket;
    buckets_[bucket].add();
    count_.add();
    sum_us_.add(us);
    if (us > max_us_.value()) max_us_.set(us);
  }
  // Upper bound of the bucket that holds the q-th part of all, 0 when empty.
  std::int64_t quantile_us(double q) const {
    const auto wanted = static_cast<std::int64_t>(q * static_cast<double>(count_.value()));
    std::int64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
      seen += buckets_[bucket].value();
      if (seen > wanted) return upper_bound_us(bucket);
    }
    return max_us_.value();
  }
  std::int64_t count() const { return count_.value(); }
  std::int64_t sum_us() const { return sum_us_.value(); }
  std::int64_t max_us() const { return max_us_.value(); }
  std::int64_t bucket_count(std::size_t bucket) const { return buckets_[bucket].value(); }
  static constexpr std::size_t bucket_total = 30;
  static constexpr std::int64_t upper_bound_us(std::size_t bucket) { return std::int64_t{1} << bucket; }

 private:
  std::array<Counter, bucket_total> buckets_;
  Counter count_, sum_us_, max_us_;
};

}  // namespace candled::flow
