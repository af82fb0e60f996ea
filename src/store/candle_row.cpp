#include "store/candle_row.hpp"

#include <optional>

#include "candled/domain/enum_names.hpp"
#include "store/exact.hpp"

namespace candled::store {
namespace {

std::int64_t number(auto value) { return static_cast<std::int64_t>(value); }

// A value that is NULL where it is not known.
std::optional<std::int64_t> if_known(bool known, std::int64_t value) {
  return known ? std::optional(value) : std::nullopt;
}

template <class Number>
ExactCell exact_if_known(bool known, const Number& value) {
  return known ? exact_cell(value) : ExactCell{};
}

}  // namespace

Candle candle_of(const Statement& row) {
  Candle candle;
  candle.open_time.ns = row.integer(0);
  candle.open = exact<Price>(row, 1);
  candle.high = exact<Price>(row, 2);
  candle.low = exact<Price>(row, 3);
  candle.close = exact<Price>(row, 4);
  candle.volume = exact<Volume>(row, 5);
  candle.buy_volume_known = !row.is_null(6);
  candle.buy_volume = exact<Volume>(row, 6);  // NULL reads as 0
  candle.trades_known = !row.is_null(7);
  candle.trades = static_cast<std::uint32_t>(row.integer(7));
  candle.state = from_number<CandleState>(row.integer(8));
  candle.revision = static_cast<std::uint16_t>(row.integer(9));
  candle.tape.known = !row.is_null(10);
  candle.tape.buy_trades = static_cast<std::uint32_t>(row.integer(10));
  candle.tape.up_ticks = static_cast<std::uint32_t>(row.integer(11));
  candle.tape.down_ticks = static_cast<std::uint32_t>(row.integer(12));
  candle.tape.largest = exact<Quantity>(row, 13);
  candle.tape.turnover = exact<Money>(row, 14);
  candle.tape.longest_pause.ns = row.integer(15);
  return candle;
}

void bind_candle(Statement& statement, std::int64_t market, const Candle& c, Timestamp closed, std::int64_t sequence) {
  const Tape& tape = c.tape;
  statement.bind(market, c.open_time.ns, exact_cell(c.open), exact_cell(c.high), exact_cell(c.low), exact_cell(c.close),
                 exact_cell(c.volume), exact_if_known(c.buy_volume_known, c.buy_volume),
                 if_known(c.trades_known, number(c.trades)), number(c.state), number(c.revision),
                 if_known(tape.known, number(tape.buy_trades)), if_known(tape.known, number(tape.up_ticks)),
                 if_known(tape.known, number(tape.down_ticks)), exact_if_known(tape.known, tape.largest),
                 exact_if_known(tape.known, tape.turnover), if_known(tape.known, tape.longest_pause.ns), closed.ns,
                 sequence);
}

}  // namespace candled::store
