// Price, Quantity, Volume, Amount and Money: distinct exact decimal types that refuse to mix.
//
// Read from the raw text of a token (exponents included) and printed back exactly. One trade's numbers take 64 bits, so that an event
// stays small; every sum takes 128.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "candled/domain/decimal.hpp"
#include "candled/domain/wide_decimal.hpp"

namespace candled {

// Text of a decimal number to an integer count of 10^-decimals. Accepts sign, point and [eE][+-]digits; refuses anything else,
// digits that the scale cannot hold (other than zeros), and values beyond int64.
Result<std::int64_t> parse_decimal(std::string_view text, int decimals);

// Of one trade or level. In the usual form 10 decimals up to 922,337,203 and 8 decimals up to 92,233,720,368.
using Price = Decimal<struct PriceTag, 10>;
using Quantity = Decimal<struct QuantityTag, 8>;
// The sum of quantities of trades, exact with all the decimals that they may have: up to 1.7e23.
using Volume = WideDecimal<struct VolumeTag, 15, 8>;
// What paper trading orders, fills and holds of the base currency, in whole steps of 1e-8: up to 1.7e30.
using Amount = WideDecimal<struct AmountTag, 8, 8>;
// Quote currency: up to 1.7e30.
using Money = WideDecimal<struct MoneyTag, 8, 8>;

constexpr Volume volume_of(Quantity quantity) { return Volume::from_units(quantity.finest_units()); }
// Rounded down to 1e-8.
Amount amount_within(Quantity quantity);

// price * quantity, rounded half away from zero to a unit of Money; nullopt where it does not fit.
std::optional<Money> checked_notional(Price price, Quantity quantity);
std::optional<Money> checked_notional(Price price, Amount amount);
// The same where overflow is our own mistake: aborts.
Money notional(Price price, Amount amount);
// The largest amount whose notional at this price is at most the money (rounded toward zero); price > 0.
Amount affordable_amount(Money money, Price price);

}  // namespace candled
