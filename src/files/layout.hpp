// Layout: which column of a file means what. Every format is a layout; one reader for trades and one for candles read all of
// them, so a new format is a few lines in sniff.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "candled/domain/time.hpp"
#include "candled/files/import.hpp"

namespace candled::files {

using Column = int;
constexpr Column none = -1;

struct TradeLayout {
  TradeIds ids = TradeIds::own;
  Column id = none, time = none, price = none, quantity = none;
  Column side = none;                                                     // the taker's, in words
  Column buyer_is_maker = none;                                           // true: the taker sold
  Column order_type = none, source = none, late = none, received = none;  // the last three: our own export
  Column first_of_aggregate = none;                                       // -1 in rows that Binance has declared void
  Column market = none;
  Timestamp day{};  // of rows that tell the time of day only
};

// What a minute means that stands in no row, between two rows of the file.
enum class Absence : std::uint8_t {
  gap,    // the format writes every candle
  quiet,  // the format leaves out candles without trades; beyond an hour nobody knows
  told,   // our own export: what is not in it was not stored
};

struct CandleLayout {
  Absence absence = Absence::gap;
  Column open_time = none, open = none, high = none, low = none, close = none, volume = none;
  Column close_time = none, trades = none, buy_volume = none, interval = none;
  Column state = none, revision = none;  // our own export; the tape's six columns follow the revision
  Column market = none;
  bool since_midnight = false;  // open_time counts milliseconds of the day
  Duration candle_interval{};
  Timestamp day{};  // of rows that tell the time of day only
};

// Known, but neither trades nor candles: quotes.
struct IgnoredLayout {};

// Of which market a row is, in tables of several: in one column, or base and quote in two.
struct SymbolColumns {
  Column symbol = none, quote = none;
};

// No format knows it, and it may tell markets apart.
struct WatchedColumn {
  Column at = none;
  std::string name;
  bool names_market = false;  // its name says so
};

struct Layout {
  std::string format;  // as a person calls it
  std::size_t columns = 0;
  std::size_t header_lines = 0;
  std::variant<TradeLayout, CandleLayout, IgnoredLayout> rows;
  SymbolColumns symbols{};
  std::vector<WatchedColumn> watched{};
  std::string_view ids_of{};  // whose trade ids they are, where the format tells: "binance"; static
};

}  // namespace candled::files
