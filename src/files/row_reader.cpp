#include "files/row_reader.hpp"

#include <algorithm>
#include <optional>

#include "candled/domain/enum_names.hpp"
#include "files/number_text.hpp"

namespace candled::files {

const Verdict declared_void = "declared void by the exchange";
const Verdict in_the_future = "time in the future";
const Verdict not_ended = "the candle has not ended yet";
const Verdict of_other_market = "belongs to another market";

namespace {

constexpr Verdict not_a_number = "not a number";

bool equal_words(std::string_view a, std::string_view lower_case) {
  return std::ranges::equal(a, lower_case,
                            [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y; });
}

std::optional<bool> truth(std::string_view text) {
  if (equal_words(text, "true") || text == "1") return true;
  if (equal_words(text, "false") || text == "0") return false;
  return std::nullopt;
}

std::optional<Side> side_of(std::string_view text) {
  if (equal_words(text, "b") || equal_words(text, "buy")) return Side::buy;
  if (equal_words(text, "s") || equal_words(text, "sell")) return Side::sell;
  if (text.empty() || equal_words(text, "unknown")) return Side::unknown;
  return std::nullopt;
}

OrderType order_type_of(std::string_view text) {
  if (equal_words(text, "l") || equal_words(text, "limit")) return OrderType::limit;
  if (equal_words(text, "m") || equal_words(text, "market")) return OrderType::market;
  return OrderType::unknown;
}

Verdict check_time(Timestamp time, Timestamp latest) {
  // A broken year must not make a gap of decades.
  constexpr Timestamp first_bitcoin{1'230'940'800'000'000'000};  // 2009-01-03
  if (time.ns <= 0) return "not a time";
  if (time < first_bitcoin) return "time before there was anything to trade";
  return time > latest ? in_the_future : nullptr;
}

// The day is not zero where rows tell the time of day only.
std::optional<Timestamp> time_on(Timestamp day, std::string_view text) {
  return day.ns == 0 ? time_of(text) : clock_time(text, day);
}

// What only our own export knows.
Verdict read_own_columns(const TradeLayout& layout, const Fields& fields, Trade& trade) {
  if (layout.source == none) return nullptr;
  const std::optional<TradeSource> source = from_text<TradeSource>(fields[layout.source]);
  const std::optional<bool> late = truth(fields[layout.late]);
  const std::optional<Timestamp> received = time_of(fields[layout.received]);
  if (!source) return "not a source";
  if (!late) return "late is neither 0 nor 1";
  if (!received) return "not a time";
  trade.source = *source;
  trade.late = *late;
  trade.received = *received;
  return nullptr;
}

Verdict read_taker(const TradeLayout& layout, const Fields& fields, Trade& trade) {
  if (layout.side != none) {
    const std::optional<Side> side = side_of(fields[layout.side]);
    if (!side) return "not a side";
    trade.side = *side;
  } else if (layout.buyer_is_maker != none) {
    const std::optional<bool> maker = truth(fields[layout.buyer_is_maker]);
    if (!maker) return "the maker is neither true nor false";
    trade.side = *maker ? Side::sell : Side::buy;
  }
  if (layout.order_type != none) trade.order_type = order_type_of(fields[layout.order_type]);
  return nullptr;
}

}  // namespace

Fields::Fields(std::string_view line) {
  for (;;) {
    const std::size_t end = line.find(',');
    std::string_view field = line.substr(0, end);
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    if (count_ == fields_max) {
      ++count_;
      return;
    }
    fields_[count_++] = field;
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

namespace {

Verdict unreadable(std::string_view text) {
  return looks_like_number(text) ? "a number has more digits than can be held exactly" : not_a_number;
}

// Why there is no such price or quantity.
Verdict beyond(const DecimalDigits& digits, Verdict too_large, Verdict too_long) {
  if (digits.decimals > Price::finest && !units_at(digits, Price::finest))
    return "more decimals than a trade can have here";
  return units_at(digits, 0) ? too_large : too_long;
}

}  // namespace

Verdict read_trade(const TradeLayout& layout, const Fields& fields, const RowContext& context, Trade& trade) {
  trade = Trade{};
  trade.source = TradeSource::import;
  trade.side = Side::unknown;
  trade.received = context.received;
  if (layout.market != none && fields[layout.market] != context.market) return of_other_market;
  const std::optional<DecimalDigits> price = decimal_digits(fields[layout.price]);
  const std::optional<DecimalDigits> quantity = decimal_digits(fields[layout.quantity]);
  const std::optional<Timestamp> time = time_on(layout.day, fields[layout.time]);
  if (!price) return unreadable(fields[layout.price]);
  if (!quantity) return unreadable(fields[layout.quantity]);
  if (layout.first_of_aggregate != none && price->mantissa == 0 && quantity->mantissa == 0 &&
      fields[layout.first_of_aggregate] == "-1")
    return declared_void;
  if (price->mantissa <= 0) return "price is not above zero";
  if (quantity->mantissa <= 0) return "quantity is not above zero";
  // A trade is exact: its numbers are not rounded, as the sums and means of candles are.
  const std::optional<Price> exact_price = Price::of(*price);
  const std::optional<Quantity> exact_quantity = Quantity::of(*quantity);
  if (!exact_price)
    return beyond(*price, "the price is too large", "the price has more digits than can be held exactly");
  if (!exact_quantity)
    return beyond(*quantity, "the quantity is too large", "the quantity has more digits than can be held exactly");
  if (!time) return "not a time";
  if (const Verdict late = check_time(*time, context.latest)) return late;
  trade.price = *exact_price;
  trade.quantity = *exact_quantity;
  trade.time = *time;
  if (layout.id != none) {
    const std::optional<std::int64_t> id = decimal_units(fields[layout.id], 0);
    if (!id) return "the trade id is not a number";
    // Only our own export has negative ids: of trades that had none.
    if (*id < 0 && layout.source == none) return "the trade id is negative";
    trade.id = *id;
  }
  if (const Verdict wrong = read_taker(layout, fields, trade)) return wrong;
  return read_own_columns(layout, fields, trade);
}

std::optional<Timestamp> open_time_of(const CandleLayout& layout, std::string_view text) {
  if (!layout.since_midnight) return time_on(layout.day, text);
  const std::optional<std::int64_t> ms = decimal_units(text, 0);
  if (!ms || *ms < 0 || *ms >= Duration::days(1) / Duration::milliseconds(1)) return std::nullopt;
  return layout.day + Duration::milliseconds(*ms);
}

namespace {

// A count or sum that may be left empty.
Verdict read_optional(std::string_view text, int decimals, bool& known, std::int64_t& units) {
  known = !text.empty();
  units = 0;
  if (!known) return nullptr;
  const std::optional<std::int64_t> value = rounded_units(text, decimals);
  if (!value) return not_a_number;
  if (*value < 0) return "a count or volume is below zero";
  units = *value;
  return nullptr;
}

// A sum of the base or the quote currency; `own`: one that this program wrote, with all its decimals.
template <class Sum>
Verdict read_sum(std::string_view text, bool own, Sum most, bool& known, Sum& sum) {
  known = !text.empty();
  sum = {};
  if (!known) return nullptr;
  const std::optional<DecimalDigits> digits = own ? decimal_digits(text) : meant_digits(text, Quantity::decimals);
  if (!digits) return unreadable(text);
  if (digits->mantissa < 0) return "a count or volume is below zero";
  const std::optional<Sum> exact = Sum::of(*digits);
  if (!exact || *exact > most) return "a volume is too large or has more decimals than can be held exactly";
  sum = *exact;
  return nullptr;
}

// Far beyond what any market trades, and so little that a year of them can be added up.
constexpr Volume volume_most = Volume::from_units(wide_power_of_ten(18 + Volume::decimals));
constexpr Money turnover_most = Money::from_units(wide_power_of_ten(24 + Money::decimals));
constexpr std::int64_t small_price_units = 10'000;  // 1e-6

// Of a small price the first ten decimals are too few to be rounded to.
std::optional<DecimalDigits> meant_price(std::string_view text) {
  const std::optional<DecimalDigits> digits = meant_digits(text, Price::decimals);
  const bool small = digits && digits->mantissa < small_price_units && digits->decimals <= Price::decimals;
  return small ? meant_digits(text, Price::finest) : digits;
}

Verdict read_prices(const CandleLayout& layout, const Fields& fields, Candle& c) {
  for (const auto& [column, price] : {std::pair{layout.open, &c.open}, std::pair{layout.high, &c.high},
                                      std::pair{layout.low, &c.low}, std::pair{layout.close, &c.close}}) {
    const std::optional<DecimalDigits> digits =
        layout.state == none ? meant_price(fields[column]) : decimal_digits(fields[column]);
    if (!digits) return unreadable(fields[column]);
    if (digits->mantissa <= 0) return "price is not above zero";
    const std::optional<Price> exact = Price::of(*digits);
    if (!exact) return beyond(*digits, "the price is too large", "the price has more digits than can be held exactly");
    *price = *exact;
  }
  if (c.high < c.low) return "high is below low";
  if (c.open < c.low || c.open > c.high || c.close < c.low || c.close > c.high)
    return "open or close is outside low and high";
  return nullptr;
}

Verdict read_sums(const CandleLayout& layout, const Fields& fields, Candle& c) {
  bool known = false;
  std::int64_t units = 0;
  const bool own = layout.state != none;
  if (const Verdict wrong = read_sum(fields[layout.volume], own, volume_most, known, c.volume)) return wrong;
  if (!known) return "the volume is missing";
  c.trades_known = c.buy_volume_known = false;
  if (layout.trades != none) {
    if (const Verdict wrong = read_optional(fields[layout.trades], 0, c.trades_known, units)) return wrong;
    if (units > UINT32_MAX) return "the trade count is too large";
    c.trades = static_cast<std::uint32_t>(units);
  }
  if (layout.buy_volume != none) {
    if (const Verdict wrong = read_sum(fields[layout.buy_volume], own, volume_most, c.buy_volume_known, c.buy_volume))
      return wrong;
    // Sums that were rounded on their way may differ in the last digit.
    if (c.buy_volume > c.volume && c.buy_volume - c.volume <= Volume::from_usual_units(1)) c.buy_volume = c.volume;
    if (c.buy_volume > c.volume) return "the taker bought more than was traded";
  }
  return nullptr;
}

Verdict read_tape(const Fields& fields, Column first, Tape& tape) {
  std::int64_t values[6] = {};
  Volume largest;
  bool all_known = true, any_known = false;
  for (int i = 0; i < 6; ++i) {
    bool known = false;
    const std::string_view text = fields[first + i];
    const Verdict wrong = i == 3   ? read_sum(text, true, volume_most, known, largest)
                          : i == 4 ? read_sum(text, true, turnover_most, known, tape.turnover)
                                   : read_optional(text, i == 5 ? 9 : 0, known, values[i]);
    if (wrong) return wrong;
    all_known &= known;
    any_known |= known;
  }
  if (any_known != all_known) return "the tape's columns are filled in part";
  tape.known = all_known;
  if (values[0] > UINT32_MAX || values[1] > UINT32_MAX || values[2] > UINT32_MAX) return "a count is too large";
  tape.buy_trades = static_cast<std::uint32_t>(values[0]);
  tape.up_ticks = static_cast<std::uint32_t>(values[1]);
  tape.down_ticks = static_cast<std::uint32_t>(values[2]);
  const std::optional<Quantity> trade = Quantity::from_finest(largest.units());
  if (!trade) return "the largest trade has more digits than can be held exactly";
  tape.largest = *trade;
  tape.longest_pause.ns = values[5];
  return nullptr;
}

// Our own export says more than any other file: state, revision, tape.
Verdict read_own_candle(const CandleLayout& layout, const Fields& fields, Candle& c) {
  const std::optional<CandleState> state = from_text<CandleState>(fields[layout.state]);
  if (!state) return "not a state";
  c.state = *state;
  const bool priceless = c.state == CandleState::gap && fields[layout.open].empty() && fields[layout.close].empty();
  if (!priceless) {
    if (const Verdict wrong = read_prices(layout, fields, c)) return wrong;
  }
  if (const Verdict wrong = read_sums(layout, fields, c)) return wrong;
  const std::optional<std::int64_t> revision = decimal_units(fields[layout.revision], 0);
  if (!revision || *revision < 0 || *revision > UINT16_MAX) return "not a revision";
  c.revision = static_cast<std::uint16_t>(*revision);
  return read_tape(fields, layout.revision + 1, c.tape);
}

Verdict settle_state(Candle& c) {
  c.state = CandleState::traded;
  const bool nothing_traded = !c.volume.is_positive() && (!c.trades_known || c.trades == 0);
  if (!nothing_traded) return nullptr;
  if (c.high != c.low) return "nothing traded, and yet the price moved";
  c.state = CandleState::quiet;
  c.trades_known = c.buy_volume_known = true;
  return nullptr;
}

}  // namespace

std::optional<Timestamp> time_in_row(const TradeLayout& layout, const Fields& fields, const RowContext& context) {
  if (fields.count() <= static_cast<std::size_t>(layout.time)) return std::nullopt;
  const std::optional<Timestamp> time = time_on(layout.day, fields[layout.time]);
  return time && check_time(*time, context.latest) == nullptr ? time : std::nullopt;
}

std::optional<Timestamp> time_in_row(const CandleLayout& layout, const Fields& fields, const RowContext& context) {
  if (fields.count() <= static_cast<std::size_t>(layout.open_time)) return std::nullopt;
  const std::optional<Timestamp> time = open_time_of(layout, fields[layout.open_time]);
  return time && check_time(*time, context.latest) == nullptr ? time : std::nullopt;
}

Verdict read_candle(const CandleLayout& layout, const Fields& fields, const RowContext& context, FileCandle& row) {
  row = FileCandle{{}, layout.candle_interval, layout.absence};
  Candle& c = row.candle;
  if (layout.market != none && fields[layout.market] != context.market) return of_other_market;
  const std::optional<Timestamp> open_time = open_time_of(layout, fields[layout.open_time]);
  if (!open_time) return "not a time";
  if (const Verdict wrong = check_time(*open_time, context.latest)) return wrong;
  c.open_time = *open_time;
  if (floor_to(c.open_time, row.interval) != c.open_time) return "does not open with an interval";
  if (c.open_time + row.interval > context.received) return not_ended;
  if (layout.close_time != none) {
    const std::optional<Timestamp> close_time = time_of(fields[layout.close_time]);
    if (!close_time || *close_time < c.open_time) return "closes before it opens";
  }
  if (layout.state != none) return read_own_candle(layout, fields, c);
  if (const Verdict wrong = read_prices(layout, fields, c)) return wrong;
  if (const Verdict wrong = read_sums(layout, fields, c)) return wrong;
  return settle_state(c);
}

}  // namespace candled::files
