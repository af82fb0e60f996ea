#include "store/candle_series.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/enum_names.hpp"
#include "candled/domain/fixed_point.hpp"
#include "store/candle_row.hpp"
#include "store/exact.hpp"
#include "store/view_cells.hpp"
#include "store/view_place.hpp"

namespace candled::store {
namespace {

// About 15 ms of reading; an answer that needs more goes on at its cursor.
constexpr std::int64_t stored_candles_max = 20'000;

// Stored candles arrive newest first.
struct Sum {
  Candle candle;  // its sums are below: those of many candles do not fit into one
  Volume volume, buy_volume;
  Money turnover;
  std::int64_t candles = 0, quiet = 0, gaps = 0;
  std::uint64_t trades = 0, buy_trades = 0, up_ticks = 0, down_ticks = 0;
  std::int64_t revision = 0;

  void add(const Candle& c);
  CandleState state() const {
    return gaps > 0 ? CandleState::gap : quiet == candles ? CandleState::quiet : CandleState::traded;
  }
};

void Sum::add(const Candle& c) {
  const bool priced = c.close.is_positive();
  if (candles++ == 0) {
    candle = c;
  } else {
    if (priced) {
      const bool first = !candle.close.is_positive();
      if (first) candle.close = c.close;
      candle.open = c.open;
      candle.high = first ? c.high : std::max(candle.high, c.high);
      candle.low = first ? c.low : std::min(candle.low, c.low);
    }
    candle.buy_volume_known &= c.buy_volume_known;
    candle.trades_known &= c.trades_known;
    candle.tape.known &= c.tape.known;
    candle.tape.largest = std::max(candle.tape.largest, c.tape.largest);
    candle.tape.longest_pause = std::max(candle.tape.longest_pause, c.tape.longest_pause);
  }
  add_exact(volume, c.volume);
  add_exact(buy_volume, c.buy_volume);
  add_exact(turnover, c.tape.turnover);
  quiet += c.state == CandleState::quiet ? 1 : 0;
  gaps += c.state == CandleState::gap ? 1 : 0;
  trades += c.trades;
  buy_trades += c.tape.buy_trades;
  up_ticks += c.tape.up_ticks;
  down_ticks += c.tape.down_ticks;
  revision += c.revision;
}

void append(ViewRows& rows, const Sum& sum, const std::string& market, const std::string& interval,
            Timestamp open_time) {
  const Candle& c = sum.candle;
  const auto text = [](std::string value) { return Cell{Cell::Kind::text, std::move(value)}; };
  const auto price = [&](Price value) { return c.close.is_positive() ? number_cell(value.to_text()) : Cell{}; };
  const auto if_known = [](bool known, std::string value) { return known ? number_cell(std::move(value)) : Cell{}; };
  const auto count = [&](bool known, std::uint64_t value) { return if_known(known, std::to_string(value)); };
  const bool tape = c.tape.known;
  const std::array cells{text(market),
                         text(interval),
                         text(to_iso8601(open_time)),
                         price(c.open),
                         price(c.high),
                         price(c.low),
                         price(c.close),
                         number_cell(sum.volume.to_text()),
                         if_known(c.buy_volume_known, sum.buy_volume.to_text()),
                         count(c.trades_known, sum.trades),
                         text(std::string(to_text(sum.state()))),
                         number_cell(std::to_string(sum.revision)),
                         count(tape && c.buy_volume_known, sum.buy_trades),
                         count(tape, sum.up_ticks),
                         count(tape, sum.down_ticks),
                         if_known(tape, c.tape.largest.to_text()),
                         if_known(tape, sum.turnover.to_text()),
                         if_known(tape, decimal_text(c.tape.longest_pause.ns, 9)),
                         number_cell(std::to_string(sum.candles)),
                         number_cell(std::to_string(sum.quiet)),
                         number_cell(std::to_string(sum.gaps))};
  std::ranges::copy(cells, std::back_inserter(rows.cells));
}

}  // namespace

ViewRows read_candle_series(ViewConnection& connection, const SeriesFilter& filter, const Place& after) {
  ViewRows rows = empty_rows(api_columns(View::candles));
  for (const std::string_view name : {"candles", "quiet_candles", "gap_candles"}) rows.columns.push_back(name);
  const auto market = connection.market(filter.market);
  if (!market) return rows;
  const std::string interval = to_text(filter.step);
  const std::int64_t per_step = std::max<std::int64_t>(filter.step / market->interval, 1);
  // Whole steps: how many fit, but at least one. One stored candle more always belongs to a step behind them.
  const std::int64_t steps = std::clamp<std::int64_t>(stored_candles_max / per_step, 1, filter.limit);
  const Stretch stretch(filter, after);
  Statement stored(connection.sql(), std::string("SELECT ") + candle_columns +
                                         " FROM candle WHERE market = ?1 AND open_time >= ?2 AND open_time < ?3 "
                                         "ORDER BY open_time DESC LIMIT ?4");
  stored.bind(market->id, stretch.from, stretch.end, steps * per_step + 1);
  Sum sum;
  std::optional<Timestamp> step;
  std::int64_t given = 0;
  while (stored.next()) {
    const Candle candle = candle_of(stored);
    const Timestamp its_step = floor_to(candle.open_time, filter.step);
    if (step && its_step != *step && given < steps) {
      append(rows, sum, market->name, interval, *step);
      if (++given == steps) rows.next = place_text({step->ns, 0, 0});
      sum = Sum{};
    }
    step = its_step;
    if (given < steps) sum.add(candle);
  }
  if (step && given < steps) append(rows, sum, market->name, interval, *step);
  return rows;
}

}  // namespace candled::store
