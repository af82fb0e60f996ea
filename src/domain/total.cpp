#include "candled/domain/total.hpp"

#include <algorithm>
#include <cstdint>

namespace candled {

std::string wide_decimal_text(WideUnits units, int decimals) {
  WideUnits scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  // Quotients and rests have the sign of the sum.
  const auto parts = static_cast<std::int64_t>(units % scale);
  std::string whole;
  for (WideUnits rest = units / scale; rest != 0; rest /= 10) {
    const int digit = static_cast<int>(rest % 10);
    whole.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
  }
  if (whole.empty()) return decimal_text(parts, decimals);
  if (units < 0) whole.push_back('-');
  std::ranges::reverse(whole);
  return whole + decimal_text(parts < 0 ? -parts : parts, decimals).substr(1);
}

}  // namespace candled
