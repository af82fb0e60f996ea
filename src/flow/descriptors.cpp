#include "candled/flow/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace candled::flow {
namespace {

constexpr rlim_t unknown_limit = 256;
constexpr rlim_t limit_max = 1 << 20;

}  // namespace

std::size_t raise_descriptor_limit() {
  struct rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return unknown_limit;
  const struct rlimit raised{std::max(limit.rlim_cur, std::min(limit.rlim_max, limit_max)), limit.rlim_max};
  if (raised.rlim_cur > limit.rlim_cur && ::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return static_cast<std::size_t>(std::min(limit.rlim_cur, limit_max));
}

}  // namespace candled::flow
