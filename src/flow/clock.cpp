#include "candled/flow/clock.hpp"

#include <chrono>

namespace candled::flow {

Timestamp wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

Duration monotonic_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

std::uint32_t monotonic_us() { return static_cast<std::uint32_t>(monotonic_now().ns / 1000); }

}  // namespace candled::flow
