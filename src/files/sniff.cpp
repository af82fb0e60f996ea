#include "files/sniff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ranges>
#include <span>

#include "files/column_watch.hpp"
#include "files/header_layout.hpp"
#include "files/number_text.hpp"
#include "files/row_reader.hpp"
#include "files/symbol_column.hpp"

namespace candled::files {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t broken_rows_max = 5;  // at the front of a file, in front of one that tells its format
constexpr const char* expected =
    "expected trades or candles as CSV: Kraken (time and sales, OHLCVT, REST), Binance (trades, aggTrades, klines), "
    "CryptoDataDownload, "
    "LEAN bars or our own export";

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

bool is_number(std::string_view text) {
  return rounded_units(text, 8).has_value() || decimal_units(text, 0).has_value();
}
bool is_truth(std::string_view text) {
  const std::string lower = lower_case(text);
  return lower == "true" || lower == "false";
}
bool is_side(std::string_view text) {
  const std::string lower = lower_case(text);
  return lower == "b" || lower == "s" || lower == "buy" || lower == "sell";
}
// "22:13:20": of which day, something else must tell.
bool is_clock(std::string_view text) { return clock_time(text, Timestamp{}).has_value(); }
// Beyond 1973 in seconds or finer, so no price and no id of a young market.
bool is_date(std::string_view text) {
  const std::optional<Timestamp> time = time_of(text);
  return (time && *time > Timestamp{} + Duration::days(3 * 365)) || is_clock(text);
}

// What stands in front of the rows: a byte order mark, the address of the site, names of columns.
struct Front {
  std::size_t lines = 0;
  std::vector<std::string> header;
};

Front read_front(std::vector<std::string_view>& lines) {
  Front front;
  if (!lines.empty() && lines.front().starts_with(byte_order_mark)) lines.front().remove_prefix(byte_order_mark.size());
  auto passes = [&] { return front.lines < lines.size(); };
  while (passes() && (lines[front.lines].empty() || lower_case(lines[front.lines]).starts_with("http") ||
                      lower_case(lines[front.lines]).starts_with("cryptodatadownload"))) {
    ++front.lines;
  }
  if (!passes()) return front;
  const Fields first(lines[front.lines]);
  // A row of rows begins with a number or an ISO date; a header with a word.
  if (is_number(first[0]) || time_of(first[0]) || is_clock(first[0])) return front;
  const std::size_t count = std::min(first.count(), Fields::fields_max);
  for (std::size_t i = 0; i < count; ++i) front.header.push_back(lower_case(first[static_cast<Column>(i)]));
  ++front.lines;
  return front;
}

Result<Layout> three_columns(const Fields& row) {
  if (!is_date(row[0])) return refuse(expected);
  TradeLayout rows{.ids = TradeIds::made, .time = 0, .price = 1, .quantity = 2};
  return Layout{"Kraken trades without ids", 3, 0, rows};
}

Result<Layout> lean_bars(const Sample& sample, std::size_t columns) {
  const std::string name = lower_case(sample.name);
  const std::string stem = name.substr(name.find_last_of('/') + 1);
  const std::optional<Timestamp> day = day_of(stem) ? day_of(stem) : sample.day;
  if (!day)
    return refuse("bars in milliseconds since midnight, but no day (YYYYMMDD) in its name: say --date 2025-01-31");
  CandleLayout rows{.absence = Absence::quiet, .open_time = 0, .open = 1, .high = 2, .low = 3, .close = 4, .volume = 5};
  rows.since_midnight = true;
  rows.day = *day;
  for (const auto& [word, interval] :
       {std::pair{"second", Duration::seconds(1)}, std::pair{"minute", Duration::minutes(1)}}) {
    const bool in_folder = ("/" + name).find(fmt::format("/{}/", word)) != std::string::npos;
    if (in_folder || stem.find(word) != std::string::npos) rows.candle_interval = interval;
  }
  return Layout{rows.candle_interval == Duration::seconds(1) ? "LEAN second bars" : "LEAN minute bars", columns, 0,
                rows};
}

bool is_time_of_day(std::string_view text) {
  const std::optional<std::int64_t> ms = decimal_units(text, 0);
  return ms && *ms >= 0 && *ms < Duration::days(1) / Duration::milliseconds(1);
}

Result<Layout> six_columns(const Sample& sample, const Fields& row) {
  if (is_truth(row[5]) && is_date(row[4])) {
    return Layout{"Binance trades", 6, 0,
                  TradeLayout{.id = 0, .time = 4, .price = 1, .quantity = 2, .buyer_is_maker = 5}};
  }
  if (is_time_of_day(row[0]) && is_number(row[5])) return lean_bars(sample, 6);
  return refuse(expected);
}

Result<Layout> seven_columns(const Fields& row) {
  if (is_side(row[3]) && is_date(row[0])) {
    return Layout{"Kraken trades", 7, 0,
                  TradeLayout{.id = 6, .time = 0, .price = 1, .quantity = 2, .side = 3, .order_type = 4}};
  }
  if (is_side(row[4]) && is_date(row[3])) {
    return Layout{"Kraken trades from REST", 7, 0,
                  TradeLayout{.id = 6, .time = 3, .price = 0, .quantity = 1, .side = 4, .order_type = 5}};
  }
  if (is_truth(row[5]) && is_date(row[4])) {
    return Layout{"Binance trades", 7, 0,
                  TradeLayout{.id = 0, .time = 4, .price = 1, .quantity = 2, .buyer_is_maker = 5}};
  }
  if (is_truth(row[6]) && is_date(row[5])) {
    return Layout{"Binance aggTrades", 7, 0,
                  TradeLayout{.ids = TradeIds::aggregate,
                              .id = 0,
                              .time = 5,
                              .price = 1,
                              .quantity = 2,
                              .buyer_is_maker = 6,
                              .first_of_aggregate = 3}};
  }
  if (is_date(row[0]) && is_number(row[4]) && is_number(row[6])) {
    return Layout{"Kraken OHLCVT", 7, 0,
                  CandleLayout{.absence = Absence::quiet,
                               .open_time = 0,
                               .open = 1,
                               .high = 2,
                               .low = 3,
                               .close = 4,
                               .volume = 5,
                               .trades = 6}};
  }
  return refuse(expected);
}

Result<Layout> by_columns(const Sample& sample, const Fields& row) {
  switch (row.count()) {
    case 3: return three_columns(row);
    case 6: return six_columns(sample, row);
    case 7: return seven_columns(row);
    case 8:
      if (!is_truth(row[6]) || !is_date(row[5])) break;
      return Layout{"Binance aggTrades", 8, 0,
                    TradeLayout{.ids = TradeIds::aggregate,
                                .id = 0,
                                .time = 5,
                                .price = 1,
                                .quantity = 2,
                                .buyer_is_maker = 6,
                                .first_of_aggregate = 3}};
    case 11:
      if (!is_time_of_day(row[0])) break;
      return Layout{"LEAN quotes", 11, 0, IgnoredLayout{}};
    case 12:
      if (!is_date(row[0]) || !is_date(row[6])) break;
      return Layout{"Binance klines", 12, 0,
                    CandleLayout{.open_time = 0,
                                 .open = 1,
                                 .high = 2,
                                 .low = 3,
                                 .close = 4,
                                 .volume = 5,
                                 .close_time = 6,
                                 .trades = 8,
                                 .buy_volume = 9}};
    default: break;
  }
  return refuse(expected);
}

// "XBTUSD_15.csv": minutes.
std::optional<Duration> interval_in_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::size_t line = name.rfind('_', dot);
  if (dot == std::string_view::npos || line == std::string_view::npos) return std::nullopt;
  std::int64_t minutes = 0;
  const auto [end, error] = std::from_chars(name.data() + line + 1, name.data() + dot, minutes);
  if (error != std::errc{} || end != name.data() + dot || minutes <= 0 || minutes > 100'000) return std::nullopt;
  return Duration::minutes(minutes);
}

// The smallest of the steps that are not a rare slip: one row beside the grid makes two of its own.
std::optional<Duration> usual_step(std::vector<Duration> steps) {
  if (steps.empty()) return std::nullopt;
  std::ranges::sort(steps);
  const std::size_t rare = steps.size() / 20;
  for (auto at = steps.begin(); at != steps.end();) {
    const auto end = std::upper_bound(at, steps.end(), *at);
    if (static_cast<std::size_t>(end - at) > rare) return *at;
    at = end;
  }
  return steps.front();
}

// The usual step between two candles of the sample that stand beside each other; with their close, what they last.
std::optional<Duration> interval_in_rows(const CandleLayout& rows, const std::vector<std::string_view>& lines,
                                         std::size_t first) {
  std::vector<Duration> steps;
  std::optional<Timestamp> before;
  std::optional<Duration> longest;
  for (std::size_t i = first; i < lines.size(); ++i) {
    const Fields fields(lines[i]);
    if (fields.count() <= static_cast<std::size_t>(std::max(rows.open_time, rows.close_time))) continue;
    const std::string_view text = fields[rows.open_time];
    const std::optional<Timestamp> open = open_time_of(rows, text);
    if (!open) continue;
    if (rows.close_time != none) {
      const std::optional<Timestamp> close = time_of(fields[rows.close_time]);
      // The last unit of the candle: it ends a millisecond or a microsecond later. A halt cuts a candle short.
      if (close && *close > *open) longest = std::max(longest.value_or(Duration{}), *close - *open);
    }
    if (before && *before != *open) steps.push_back(Duration{std::abs((*open - *before).ns)});
    before = open;
  }
  if (!longest) return usual_step(std::move(steps));
  const Duration second = Duration::seconds(1);
  return second * ((*longest + second - Duration{1}) / second);
}

Result<void> settle_interval(CandleLayout& rows, const Sample& sample, std::size_t first,
                             std::optional<Duration> given) {
  if (rows.interval != none && first < sample.lines.size()) {
    const Result<Duration> told = parse_duration(Fields(sample.lines[first])[rows.interval]);
    if (!told) return std::unexpected(told.error());
    rows.candle_interval = *told;
  }
  if (rows.candle_interval.ns > 0) return {};
  // A step is a whole multiple of the interval, so the name is only believed where the rows allow it.
  std::optional<Duration> step = interval_in_rows(rows, sample.lines, first);
  const std::optional<Duration> named = rows.absence == Absence::quiet ? interval_in_name(sample.name) : std::nullopt;
  if (named && (!step || step->ns % named->ns == 0)) step = named;
  if (given) step = given;
  if (!step) return refuse("the length of its candles is not clear: give --interval");
  rows.candle_interval = *step;
  return {};
}

// Rows that tell the time of day only need a day: of the name, or told.
Result<void> settle_day(Layout& layout, const Sample& sample) {
  auto* trades = std::get_if<TradeLayout>(&layout.rows);
  auto* candles = std::get_if<CandleLayout>(&layout.rows);
  if (trades == nullptr && (candles == nullptr || candles->since_midnight)) return {};
  const Column time = trades != nullptr ? trades->time : candles->open_time;
  const auto tells_clock = [&](std::string_view line) {
    const Fields fields(line);
    return fields.count() > static_cast<std::size_t>(time) && is_clock(fields[time]);
  };
  if (std::ranges::none_of(sample.lines | std::views::drop(layout.header_lines) | std::views::take(broken_rows_max),
                           tells_clock))
    return {};
  const std::string_view name = std::string_view(sample.name).substr(sample.name.find_last_of('/') + 1);
  const std::optional<Timestamp> day = day_in(name) ? day_in(name) : sample.day;
  if (!day) return refuse("its rows tell the time of day only, and its name no day: say --date 2025-01-31");
  (trades != nullptr ? trades->day : candles->day) = *day;
  return {};
}

// Our own export says it in words of its own.
bool has_market(const Layout& layout) {
  const auto* trades = std::get_if<TradeLayout>(&layout.rows);
  const auto* candles = std::get_if<CandleLayout>(&layout.rows);
  return (trades != nullptr && trades->market != none) || (candles != nullptr && candles->market != none);
}

// Binance's public files say so by their columns, and by names like "BTCUSDT-trades-2024-12-31.csv"; Kraken's by theirs.
std::string_view exchange_of_ids(const Layout& layout, std::string_view name) {
  const auto* trades = std::get_if<TradeLayout>(&layout.rows);
  if (trades == nullptr || trades->ids == TradeIds::made || trades->source != none) return {};
  const bool is_named =
      name.find("-trades-2") != std::string_view::npos || name.find("-aggTrades-2") != std::string_view::npos;
  if (trades->buyer_is_maker != none || trades->ids == TradeIds::aggregate || is_named) return "binance";
  // A header may be anybody's; seven columns without one, and the order of REST, are not.
  if (layout.format == "Kraken trades from REST" || (layout.format == "Kraken trades" && layout.header_lines == 0))
    return "kraken";
  return {};
}

}  // namespace

Result<Layout> sniff(const Sample& given, const Market& market, std::optional<Duration> candle_interval) {
  Sample sample = given;
  Front front = read_front(sample.lines);
  if (front.lines >= sample.lines.size() && front.header.empty()) return refuse("no rows");
  Result<Layout> layout = refuse(expected);
  if (!front.header.empty()) {
    layout = layout_of_header(front.header, market);
    if (!layout) layout = refuse(fmt::format("{}; {}", layout.error().message, expected));
    // What looked like a header may be a broken row: then it is a row, and is refused as one. Names stand without numbers.
    if (!layout && std::ranges::any_of(front.header, is_number)) --front.lines;
  }
  for (std::size_t i = front.lines; !layout && i < sample.lines.size() && i < front.lines + broken_rows_max; ++i) {
    Result<Layout> found = by_columns(sample, Fields(sample.lines[i]));
    // What is said of the first row counts, unless a header was refused before it.
    if (found || (i == front.lines && front.header.empty())) layout = std::move(found);
  }
  if (!layout) return layout;
  layout->header_lines = front.lines;
  if (Result<void> settled = settle_day(*layout, sample); !settled) return std::unexpected(settled.error());
  if (!front.header.empty() && !has_market(*layout)) {
    layout->symbols = find_symbol_columns(front.header, std::span(sample.lines).subspan(front.lines), market);
    layout->watched = columns_to_watch(front.header, *layout);
  }
  layout->ids_of = exchange_of_ids(*layout, sample.name);
  if (auto* candles = std::get_if<CandleLayout>(&layout->rows);
      candles != nullptr && front.lines < sample.lines.size()) {
    if (Result<void> settled = settle_interval(*candles, sample, front.lines, candle_interval); !settled)
      return std::unexpected(settled.error());
  }
  return layout;
}

}  // namespace candled::files
