// Accounts at prices from 1e-12 to 1e10: every fill is booked exactly, and states of any size come back.
#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>
#include <random>

#include "candled/trading/paper_account.hpp"

namespace candled::trading {
namespace {

using Big = boost::multiprecision::cpp_int;

Big power(int exponent) { return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent)); }

// price * quantity and a part of it, in units of Money; the rounding is the contract's.
Big value_of(Price price, Amount amount) {
  const Big divisor = power(Price::finest);
  return (Big(price.finest_units()) * Big(amount.units()) + divisor / 2) / divisor;
}
Big fee_of(const Big& value, Fraction rate) { return (value * rate.units() + (Fraction::one - 1)) / Fraction::one; }

Price any_price(std::mt19937_64& random) {
  for (;;) {
    const int decimals = static_cast<int>(random() % 16);
    const auto mantissa =
        1 + static_cast<std::int64_t>(
                random() % static_cast<std::uint64_t>(wide_power_of_ten(1 + static_cast<int>(random() % 12))));
    const std::optional<Price> price = Price::of({mantissa, decimals});
    if (price && *price >= *Price::parse("1e-12") && *price <= *Price::parse("1e10")) return *price;
  }
}

}  // namespace

TEST_CASE("at extreme prices every fill is booked to the last unit, and the state comes back") {
  std::mt19937_64 random(17);
  int bought = 0, beyond_64_bits = 0;
  for (int i = 0; i < 1000; ++i) {
    PaperSettings settings;
    settings.starting_balance = Money::from_units(static_cast<WideUnits>(1 + random() % 1'000'000'000) * Money::scale);
    settings.costs.minimum_order = Money::from_units(1);
    PaperAccount account(StrategyId{0}, "a", settings);
    std::vector<Fill> fills;
    std::vector<OrderRecord> orders;
    Big cash = Big(settings.starting_balance.units()), position = 0;
    for (int step = 0; step < 6; ++step) {
      Order order;
      order.side = step % 2 == 0 ? Side::buy : Side::sell;
      order.spend = account.cash();
      order.quantity = account.position();
      order.decided_on = Timestamp{} + Duration::minutes(step);
      const Price market = any_price(random);
      CAPTURE(market.to_text(), account.cash().to_text(), account.position().to_text());
      account.place(order, order.decided_on, {fills, orders});
      const std::size_t before = fills.size();
      account.execute({order.decided_on, market, nullptr}, {fills, orders});
      for (std::size_t f = before; f < fills.size(); ++f) {
        const Fill& fill = fills[f];
        REQUIRE((fill.side == Side::buy ? fill.price >= market : fill.price <= market));
        const Big value = value_of(fill.price, fill.quantity);
        REQUIRE(Big(fill.fee.units()) == fee_of(value, settings.costs.fee));
        cash += (fill.side == Side::buy ? Big(-value) : value) - Big(fill.fee.units());
        position += fill.side == Side::buy ? Big(fill.quantity.units()) : Big(-Big(fill.quantity.units()));
        if (fill.side == Side::buy) ++bought;
        if (fill.quantity.units() > INT64_MAX) ++beyond_64_bits;
      }
      REQUIRE(Big(account.cash().units()) == cash);
      REQUIRE(Big(account.position().units()) == position);
      REQUIRE(cash >= 0);
      REQUIRE(position >= 0);
    }
    const Result<Rebuilt> rebuilt = rebuild(settings.starting_balance, fills);
    REQUIRE(rebuilt.has_value());
    REQUIRE((rebuilt->cash() == account.cash() && rebuilt->position() == account.position()));
    StateWriter out;
    account.save(out);
    const std::string bytes = out.take();
    PaperAccount loaded(StrategyId{0}, "a", settings);
    StateReader in(bytes);
    REQUIRE(loaded.load(in).has_value());
    REQUIRE(in.at_end());
    REQUIRE((loaded.cash() == account.cash() && loaded.position() == account.position() &&
             loaded.cost() == account.cost()));
  }
  CHECK(bought > 1000);
  CHECK(beyond_64_bits > 100);
}

}  // namespace candled::trading
