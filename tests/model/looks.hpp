// Looks: how much of its own processor time a piece of work spends between two looks at its stop.
#pragma once

#include <algorithm>
#include <ctime>

namespace candled::model {

// How much longer instrumented code takes.
#if defined(__SANITIZE_THREAD__)
inline constexpr double slowness = 30;
#elif defined(__SANITIZE_ADDRESS__)
inline constexpr double slowness = 8;
#else
inline constexpr double slowness = 1;
#endif

class Looks {
 public:
  // At every look, and once at the end of the work.
  void look() {
    const double now = thread_seconds();
    longest_ = std::max(longest_, now - last_);
    last_ = now;
    ++count_;
  }
  double longest_seconds() const { return longest_; }
  int count() const { return count_; }

  static double thread_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

 private:
  double last_ = thread_seconds();
  double longest_ = 0;
  int count_ = 0;
};

}  // namespace candled::model
