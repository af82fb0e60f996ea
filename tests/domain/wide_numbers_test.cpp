// Prices, quantities, sums and money of every size, against numbers without limits.
#include <fmt/format.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/state_archive.hpp"

using namespace candled;

namespace {

using Big = boost::multiprecision::cpp_int;

constexpr int inputs = 1000;
constexpr int big_decimals = 40;

Big power(int exponent) { return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent)); }

// A number as some exchange or file may write it, and what it is in units of 1e-40.
struct Written {
  std::string text;
  Big value;
};

Written written(std::mt19937_64& random) {
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); };
  const int digits = 1 + below(20), decimals = below(18);
  std::string all;
  for (int i = 0; i < digits; ++i) all += static_cast<char>('0' + (below(3) == 0 ? 0 : below(10)));
  Written number;
  number.value = Big(all.substr(std::min(all.find_first_not_of('0'), all.size() - 1))) * power(big_decimals - decimals);
  if (static_cast<int>(all.size()) <= decimals) all.insert(0, static_cast<std::size_t>(decimals + 1) - all.size(), '0');
  number.text = all;
  if (decimals > 0) number.text.insert(number.text.size() - static_cast<std::size_t>(decimals), ".");
  if (below(5) == 0) {
    const int exponent = below(13) - 6;
    number.text += fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
    number.value = exponent < 0 ? Big(number.value / power(-exponent)) : Big(number.value * power(exponent));
  }
  if (below(6) == 0) number.text.insert(0, "+");
  return number;
}

Big big(const DecimalDigits& digits) { return Big(digits.mantissa) * power(big_decimals - digits.decimals); }
template <class Tag, int Decimals, int Usual>
Big big(const WideDecimal<Tag, Decimals, Usual>& number) {
  return Big(number.units()) * power(big_decimals - Decimals);
}
template <class Tag, int Usual>
Big big(const Decimal<Tag, Usual>& number) {
  return big(number.digits());
}

// The shortest text.
std::string text_of(const Big& value) {
  std::string digits = value.str();
  if (digits.size() <= big_decimals) digits.insert(0, big_decimals + 1 - digits.size(), '0');
  digits.insert(digits.size() - big_decimals, ".");
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

// What 64 bits hold: a count of 10^-usual below 2^63, or 59 bits with at most 15 decimals.
bool fits(const Big& value, int usual) {
  const Big unit = power(big_decimals - usual);
  if (value % unit == 0 && value / unit <= Big(INT64_MAX)) return true;
  if (value % power(big_decimals - 15) != 0) return false;
  int decimals = 15;
  while (decimals > 0 && value % power(big_decimals - decimals + 1) == 0) --decimals;
  return value / power(big_decimals - decimals) < (Big(1) << 59);
}

template <class Number>
void check_reading(std::uint64_t seed, int usual) {
  std::mt19937_64 random(seed);
  int held = 0, own_form = 0;
  for (int i = 0; i < inputs; ++i) {
    const Written number = written(random);
    CAPTURE(number.text);
    const Result<Number> read = Number::parse(number.text);
    REQUIRE(read.has_value() == fits(number.value, usual));
    if (!read) {
      REQUIRE(read.error().message.find(number.text) != std::string::npos);
      continue;
    }
    ++held;
    if (!read->usual_units()) ++own_form;
    REQUIRE(big(*read) == number.value);
    REQUIRE(read->to_text() == text_of(number.value));
    REQUIRE(Number::parse(read->to_text()) == *read);
    REQUIRE(Number::of_bits(read->bits()) == *read);
    REQUIRE(Number::from_finest(read->finest_units()) == *read);
    REQUIRE(read->to_double() == Approx(std::stod(number.text)).epsilon(1e-15));
  }
  CHECK(held > inputs / 3);
  CHECK(own_form > inputs / 10);
}

// One that fits.
template <class Number>
Number any(std::mt19937_64& random) {
  for (;;) {
    if (const Result<Number> read = Number::parse(written(random).text)) return *read;
  }
}

template <class Number>
void check_order_and_sums(std::uint64_t seed, int usual) {
  std::mt19937_64 random(seed);
  for (int i = 0; i < inputs; ++i) {
    const Number a = any<Number>(random), b = random() % 4 == 0 ? a : any<Number>(random);
    CAPTURE(a.to_text(), b.to_text());
    REQUIRE((a < b) == (big(a) < big(b)));
    REQUIRE((a == b) == (big(a) == big(b)));
    REQUIRE((a > b) == (big(a) > big(b)));
    const auto sum = checked_add(a, b);
    REQUIRE(sum.has_value() == fits(big(a) + big(b), usual));
    if (sum) REQUIRE(big(*sum) == big(a) + big(b));
    const auto difference = checked_subtract(a, b);
    REQUIRE(difference.has_value() == (a >= b && fits(Big(big(a) - big(b)), usual)));
    if (difference) REQUIRE(big(*difference) == big(a) - big(b));
    const Big exact = Big((a.finest_units() + b.finest_units() + 1) / 2) * power(big_decimals - 15);
    const WideUnits half = (a.finest_units() + b.finest_units() + 1) / 2;
    for (const bool up : {false, true}) {
      const auto rounded = Number::rounded(half, up);
      REQUIRE(rounded.has_value());
      REQUIRE((up ? big(*rounded) >= exact : big(*rounded) <= exact));
      REQUIRE(boost::multiprecision::abs(Big(big(*rounded) - exact)) * 100'000'000'000'000 <= exact);
    }
  }
}

Big rounded_quotient(const Big& dividend, const Big& divisor) { return (dividend + divisor / 2) / divisor; }

Amount any_amount(std::mt19937_64& random) {
  const WideUnits units =
      static_cast<WideUnits>(random() >> (random() % 60)) * (1 + static_cast<WideUnits>(random() % 1'000'000));
  return Amount::from_units(units);
}

}  // namespace

TEST_CASE("a price or quantity of any size is read, printed and kept exactly, or refused by name") {
  check_reading<Price>(1, 10);
  check_reading<Quantity>(2, 8);
}

TEST_CASE("prices and quantities of any size compare and add up as numbers do") {
  check_order_and_sums<Price>(3, 10);
  check_order_and_sums<Quantity>(4, 8);
}

TEST_CASE("what any market of a year trades is held: 10^16 units, prices from 10^-12 to 10^10") {
  for (const char* text : {"0.000000000001", "0.000000000001234", "10000000000", "9999999999.5", "123456789012.3"})
    CHECK(Price::parse(text)->to_text() == text);
  for (const char* text :
       {"1000000000000", "1523456789012.12345", "20000000000.12345", "0.0000000001", "500000000000000000"})
    CHECK(Quantity::parse(text)->to_text() == text);
  Volume volume;
  for (int i = 0; i < 100'000; ++i) volume += volume_of(*Quantity::parse("1523456789012.12345"));
  CHECK(volume.to_text() == "152345678901212345");
  CHECK(Volume::parse("12345678901234567890.123456789012345")->to_text() == "12345678901234567890.123456789012345");
  CHECK(Money::parse("-12345678901234567890123.12345678")->to_text() == "-12345678901234567890123.12345678");
}

TEST_CASE("sums of quantities are exact whatever their sizes") {
  std::mt19937_64 random(5);
  Volume sum;
  Big exact = 0;
  for (int i = 0; i < inputs; ++i) {
    const Quantity quantity = any<Quantity>(random);
    if (quantity.to_double() > 1e15) continue;
    sum += volume_of(quantity);
    exact += big(quantity);
    REQUIRE(big(sum) == exact);
    REQUIRE(sum.to_text() == text_of(exact));
    REQUIRE(Volume::parse(sum.to_text()) == sum);
    REQUIRE(big(amount_within(quantity)) <= big(quantity));
    REQUIRE(big(amount_within(quantity)) + power(big_decimals - 8) > big(quantity));
  }
}

TEST_CASE("a sum at the usual scale has the bits that it had when it was an integer") {
  std::mt19937_64 random(6);
  for (int i = 0; i < inputs; ++i) {
    const auto units = static_cast<std::int64_t>(random() >> (1 + random() % 60));
    const double price = static_cast<double>(units) / 1e10, amount = static_cast<double>(units) / 1e8;
    REQUIRE(Price::from_units(units).to_double() == price);
    REQUIRE(Quantity::from_units(units).to_double() == amount);
    REQUIRE(volume_of(Quantity::from_units(units)).to_double() == amount);
    REQUIRE(Money::from_units(units).to_double() == amount);
    REQUIRE(Volume::from_usual_units(units).usual_units() == units);
  }
}

TEST_CASE("price times quantity is rounded once, at any size") {
  std::mt19937_64 random(7);
  for (int i = 0; i < inputs; ++i) {
    const Price price = any<Price>(random);
    const Quantity quantity = any<Quantity>(random);
    const Amount amount = any_amount(random);
    CAPTURE(price.to_text(), quantity.to_text(), amount.to_text());
    const Big limit = Big(wide_max);
    const Big of_trade = rounded_quotient(big(price) * big(quantity), power(2 * big_decimals - 8));
    const auto value = checked_notional(price, quantity);
    REQUIRE(value.has_value() == (of_trade <= limit));
    if (value) REQUIRE(Big(value->units()) == of_trade);
    const Big of_order = rounded_quotient(big(price) * big(amount), power(2 * big_decimals - 8));
    const auto cost = checked_notional(price, amount);
    REQUIRE(cost.has_value() == (of_order <= limit));
    if (cost) REQUIRE(Big(cost->units()) == of_order);
    if (!price.is_positive()) continue;
    const Money money = Money::from_units(amount.units());
    const Big affordable = Big(money.units()) * power(big_decimals) / big(price);
    REQUIRE(Big(affordable_amount(money, price).units()) == (affordable <= limit ? affordable : limit));
  }
}

TEST_CASE("a state holds sums of any size, and the states of older builds are read as they were written") {
  std::mt19937_64 random(8);
  for (int i = 0; i < inputs; ++i) {
    const Price price = any<Price>(random);
    const Volume volume = Volume::from_units(static_cast<WideUnits>(random()) * static_cast<WideUnits>(random() >> 20));
    const Money money = i == 0 ? Money::from_units(INT64_MIN)
                               : Money::from_units(static_cast<WideUnits>(random()) * (i % 2 == 0 ? 1 : -1000));
    StateWriter out;
    out(price), out(volume), out(money);
    const std::string bytes = out.take();
    StateReader in(bytes);
    Price price_read;
    Volume volume_read;
    Money money_read;
    in(price_read), in(volume_read), in(money_read);
    REQUIRE(in.at_end());
    REQUIRE((price_read == price && volume_read == volume && money_read == money));
    StateReader cut(std::string_view(bytes).substr(0, bytes.size() - 1));
    cut(price_read), cut(volume_read), cut(money_read);
    REQUIRE_FALSE(cut.ok());
  }
  StateWriter old;
  old(std::int64_t{123'456}), old(std::int64_t{250'000'000}), old(std::int64_t{-7});
  const std::string bytes = old.take();
  StateReader in(bytes);
  Price price;
  Volume volume;
  Money money;
  in(price), in(volume), in(money);
  CHECK(in.at_end());
  CHECK((price == Price::from_units(123'456) && volume.to_text() == "2.5" && money == Money::from_units(-7)));
  // Bits that no price has.
  StateWriter damaged;
  damaged(std::uint64_t{1} << 63);
  const std::string wrong = damaged.take();
  StateReader from_damaged(wrong);
  from_damaged(price);
  CHECK_FALSE(from_damaged.ok());
}
