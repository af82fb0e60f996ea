#include "candled/domain/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace candled {

void invariant_failed(const char* what) noexcept {
  std::fprintf(stderr, "candled: broken invariant: %s\n", what);
  std::abort();
}

}  // namespace candled
