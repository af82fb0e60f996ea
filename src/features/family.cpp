#include "features/family.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace candled::features {

const Families& all_families() {
  static const Families families = [] {
    Families all;
    for (const auto& group : {average_families, oscillator_families, trend_families, band_families, volume_families,
                              flow_families, book_families, candle_families, clock_families}) {
      std::ranges::move(group(), std::back_inserter(all));
    }
    return all;
  }();
  return families;
}

int at_once(const P&) { return 1; }
int full_window(const P& p) { return p[0].whole(); }
int one_change_more(const P& p) { return p[0].whole() + 1; }
int longest_window(const P& p) {
  int longest = 0;
  for (Parameter parameter : p) longest = std::max(longest, parameter.whole());
  return longest;
}

std::string rising(const P& p) {
  for (std::size_t i = 1; i < p.size(); ++i) {
    if (p[i - 1].whole() >= p[i].whole()) return "its windows do not rise from left to right";
  }
  return {};
}
std::string at_least_two(const P& p) { return p[0].whole() >= 2 ? "" : "N is less than 2"; }

}  // namespace candled::features
