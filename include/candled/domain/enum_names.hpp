// Names of enumerators: one table per enum, used by SQL, JSON, CSV, logs and imports.
//
// A table lists every enumerator once, in the order of the numbers, from 0 without a break. Enums of other rooms have theirs beside
// them: template <> inline constexpr auto candled::enum_names<Colour> = candled::name_table<Colour>({{Colour::red, "red"}});
// Files store the numbers and people's scripts compare the names: neither ever changes its meaning. The empty name
// stands for "not known": NULL in a view, an empty cell in CSV.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "candled/domain/candle.hpp"
#include "candled/domain/prediction.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/trade.hpp"
#include "candled/domain/trading.hpp"

namespace candled {

template <class Enum>
struct EnumName {
  Enum value;
  std::string_view text;
};

// A list in another order than that of the numbers does not compile.
template <class Enum, std::size_t count>
consteval std::array<EnumName<Enum>, count> name_table(const EnumName<Enum> (&names)[count]) {
  auto table = std::to_array(names);
  for (std::size_t i = 0; i < count; ++i) {
    if (static_cast<std::size_t>(table[i].value) != i) throw "the numbers must rise from 0 without a break";
  }
  return table;
}

template <class Enum>
inline constexpr std::nullptr_t enum_names = nullptr;  // no names

template <class Enum>
concept NamedEnum = requires { enum_names<Enum>.size(); };

// The name of an enumerator; a value outside the enum is a broken invariant.
template <NamedEnum Enum>
constexpr std::string_view to_text(Enum value) {
  const auto number = static_cast<std::size_t>(value);
  if (number >= enum_names<Enum>.size()) invariant_failed("a value that is no enumerator");
  return enum_names<Enum>[number].text;
}

// The enumerator of exactly this name.
template <NamedEnum Enum>
constexpr std::optional<Enum> from_text(std::string_view text) {
  for (const EnumName<Enum>& name : enum_names<Enum>) {
    if (name.text == text) return name.value;
  }
  return std::nullopt;
}

// The enumerator of a stored number. A file may hold anything: any other number becomes the last enumerator.
template <NamedEnum Enum>
constexpr Enum from_number(std::int64_t number) {
  const auto last = static_cast<std::int64_t>(enum_names<Enum>.size()) - 1;
  return static_cast<Enum>(number < 0 || number > last ? last : number);
}

template <>
inline constexpr auto enum_names<Side> =
    name_table<Side>({{Side::buy, "buy"}, {Side::sell, "sell"}, {Side::unknown, ""}});
template <>
inline constexpr auto enum_names<TradeSource> = name_table<TradeSource>(
    {{TradeSource::stream, "stream"}, {TradeSource::rest, "rest"}, {TradeSource::import, "import"}});
template <>
inline constexpr auto enum_names<OrderType> =
    name_table<OrderType>({{OrderType::unknown, ""}, {OrderType::limit, "limit"}, {OrderType::market, "market"}});
template <>
inline constexpr auto enum_names<CandleState> = name_table<CandleState>(
    {{CandleState::traded, "traded"}, {CandleState::quiet, "quiet"}, {CandleState::gap, "gap"}});
template <>
inline constexpr auto enum_names<SignalKind> =
    name_table<SignalKind>({{SignalKind::hold, "hold"}, {SignalKind::buy, "buy"}, {SignalKind::sell, "sell"}});
template <>
inline constexpr auto enum_names<FillReason> =
    name_table<FillReason>({{FillReason::signal, "signal"},
                            {FillReason::rest_of_position, "rest of position"},
                            {FillReason::limit, "limit"},
                            {FillReason::stop_loss, "stop loss"},
                            {FillReason::take_profit, "take profit"},
                            {FillReason::trailing_stop, "trailing stop"},
                            {FillReason::drawdown, "drawdown"}});
template <>
inline constexpr auto enum_names<OrderEnd> = name_table<OrderEnd>({{OrderEnd::filled, "filled"},
                                                                   {OrderEnd::partly_filled, "partly filled"},
                                                                   {OrderEnd::replaced, "replaced"},
                                                                   {OrderEnd::cancelled, "cancelled"},
                                                                   {OrderEnd::below_minimum, "below minimum"},
                                                                   {OrderEnd::no_liquidity, "no liquidity"},
                                                                   {OrderEnd::would_take, "would take"},
                                                                   {OrderEnd::beyond_numbers, "beyond numbers"}});

}  // namespace candled
