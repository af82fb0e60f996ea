// Total: the exact sum of any number of prices, quantities or amounts of money. 128 bits: it never overflows, where a sum in the type
// itself does (a billion SHIB in each of a day's minutes) and aborts.
#pragma once

#include <string>

#include "candled/domain/fixed_point.hpp"

namespace candled {

__extension__ using WideUnits = __int128;

// The exact decimal text of units * 10^-decimals.
std::string wide_decimal_text(WideUnits units, int decimals);

template <class Value>
class Total {
 public:
  constexpr Total& operator+=(Value value) {
    units_ += value.units();
    return *this;
  }
  constexpr Total& operator+=(Total more) {
    units_ += more.units_;
    return *this;
  }
  // For statistics, never for money.
  constexpr double to_double() const { return static_cast<double>(units_) / static_cast<double>(Value::scale); }
  std::string to_text() const { return wide_decimal_text(units_, Value::decimals); }

  friend constexpr bool operator==(Total, Total) = default;

 private:
  WideUnits units_ = 0;
};

}  // namespace candled
