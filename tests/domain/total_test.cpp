#include "candled/domain/total.hpp"

#include <catch2/catch.hpp>

using namespace candled;

TEST_CASE("a total of many does not overflow") {
  Total<Quantity> total;
  CHECK(total.to_text() == "0");
  for (int i = 0; i < 3; ++i) total += Quantity::from_units(INT64_MAX);
  CHECK(total.to_text() == "276701161105.64327421");
  total += total;
  CHECK(total.to_text() == "553402322211.28654842");
  Total<Quantity> less;
  for (int i = 0; i < 2; ++i) less += Quantity::from_units(INT64_MIN);
  CHECK(less.to_text() == "-184467440737.09551616");
  less += Quantity::from_units(INT64_MAX);
  less += Quantity::from_units(INT64_MAX);
  CHECK(less.to_text() == "-0.00000002");
  CHECK(less.to_double() == -2e-8);
}
