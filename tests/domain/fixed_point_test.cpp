#include "candled/domain/fixed_point.hpp"

#include <catch2/catch.hpp>
#include <type_traits>

using namespace candled;

namespace {

void check_price(std::string_view text, std::string_view printed) {
  INFO(text);
  const Result<Price> price = Price::parse(text);
  REQUIRE(price.has_value());
  CHECK(price->to_text() == printed);
}

template <class A, class B>
concept Addable = requires(A a, B b) { a + b; };

}  // namespace

TEST_CASE("decimal text is read and printed exactly") {
  check_price("62807.0", "62807");
  check_price("1e-05", "0.00001");
  check_price("9.624E-05", "0.00009624");
  check_price("1.5e3", "1500");
  check_price("0.5147", "0.5147");
  check_price(".5", "0.5");
  check_price("5.", "5");
  check_price("922337203.6854775807", "922337203.6854775807");
  check_price("0.00000000000000", "0");
  CHECK(Price::parse("62807")->to_text(1) == "62807.0");
}

TEST_CASE("text that is not a number of this scale is refused") {
  for (std::string_view text : {"",
                                ".",
                                "-",
                                "1e",
                                "e5",
                                "1e99999999999",
                                "1e99",
                                "nan",
                                "inf",
                                "0x10",
                                "1,5",
                                "1 ",
                                " 1",
                                "1.2.3",
                                "-0.1",
                                "5764607523.03423488",
                                "9999999999999999999",
                                "0.0000000000000001",
                                "--1",
                                "1e-16"}) {
    INFO(text);
    CHECK_FALSE(Price::parse(text).has_value());
  }
}

TEST_CASE("notional rounds half away from zero and refuses overflow") {
  CHECK(notional(*Price::parse("100.1"), *Amount::parse("0.5")).to_text() == "50.05");
  CHECK(notional(*Price::parse("0.5"), *Amount::parse("0.00000001")).to_text() == "0.00000001");
  CHECK(notional(*Price::parse("0.4"), *Amount::parse("0.00000001")).units() == 0);
  CHECK(checked_notional(*Price::parse("900000000"), *Quantity::parse("90000000000"))->to_text() ==
        "81000000000000000000");
  CHECK_FALSE(checked_notional(*Price::parse("1e17"), *Quantity::parse("1e17")).has_value());
  CHECK(affordable_amount(*Money::parse("100"), *Price::parse("3")).to_text() == "33.33333333");
}

TEST_CASE("the types refuse to mix") {
  STATIC_REQUIRE(Addable<Price, Price>);
  STATIC_REQUIRE_FALSE(Addable<Price, Quantity>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<double, Price>);
  CHECK_FALSE(checked_add(*Price::parse("576460752303423487"), *Price::parse("1")).has_value());
}
