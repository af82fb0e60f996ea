#include "files/column_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "files/number_text.hpp"
#include "files/symbol_column.hpp"

namespace candled::files {
namespace {

constexpr std::size_t values_max = 2'000;  // with more, it is free text, or ids

std::vector<Column> used_columns(const Layout& layout) {
  if (const auto* rows = std::get_if<TradeLayout>(&layout.rows)) {
    return {rows->id,         rows->time,   rows->price, rows->quantity, rows->side,  rows->buyer_is_maker,
            rows->order_type, rows->source, rows->late,  rows->received, rows->market};
  }
  if (const auto* rows = std::get_if<CandleLayout>(&layout.rows)) {
    return {rows->open_time,  rows->open,   rows->high,       rows->low,      rows->close, rows->volume,
            rows->close_time, rows->trades, rows->buy_volume, rows->interval, rows->state, rows->market};
  }
  return {};
}

bool is_integer(std::string_view text) {
  return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string shown(std::string_view text) {
  constexpr std::size_t shown_bytes = 40;
  std::string name(text.substr(0, shown_bytes));
  std::ranges::replace_if(
      name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f; }, '?');
  return name;
}

double price_in(std::string_view text) {
  double price = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), price);
  return error == std::errc{} ? price : 0;
}

}  // namespace

std::vector<WatchedColumn> columns_to_watch(const std::vector<std::string>& header, const Layout& layout) {
  const std::vector<Column> used = used_columns(layout);
  std::vector<WatchedColumn> watched;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const Column at = static_cast<Column>(i);
    const bool known =
        std::ranges::find(used, at) != used.end() || at == layout.symbols.symbol || at == layout.symbols.quote;
    const ColumnKind kind = kind_of_column(header[i]);
    if (!known && kind != ColumnKind::plain) watched.push_back({at, header[i], kind != ColumnKind::other});
  }
  return watched;
}

ColumnWatch::ColumnWatch(const Layout& layout) {
  if (const auto* rows = std::get_if<TradeLayout>(&layout.rows)) price_ = rows->price;
  if (const auto* rows = std::get_if<CandleLayout>(&layout.rows)) price_ = rows->close;
  for (const WatchedColumn& column : layout.watched) columns_.emplace_back().column = &column;
}

Result<void> ColumnWatch::take(const Fields& fields) {
  if (columns_.empty() || price_ == none) return {};
  ++rows_;
  const double price = price_in(fields[price_]);
  const bool leaps = std::max(price, last_price_) > 1.1 * std::min(price, last_price_);
  for (Seen& seen : columns_) {
    const std::string_view text = fields[seen.column->at];
    const bool words = is_market_text(text);
    if (!words && !(seen.column->names_market && is_integer(text))) continue;
    ++seen.filled;
    if (!seen.last.empty() && seen.last != text) {
      ++seen.turns;
      seen.leaps += leaps ? 1 : 0;
    }
    if (seen.last != text) seen.last = text;
    auto value = seen.values.find(text);
    if (value == seen.values.end()) {
      if (seen.first_two.size() < 2) seen.first_two.push_back(shown(text));
      if (seen.values.size() > values_max) continue;
      value = seen.values.emplace(std::string(text), 0).first;
    }
    ++value->second;
    if (words && seen.column->names_market && seen.values.size() > 1) return refusal(seen);
  }
  last_price_ = price;
  return {};
}

Result<void> ColumnWatch::settle() const {
  for (const Seen& seen : columns_) {
    const std::int64_t values = static_cast<std::int64_t>(seen.values.size());
    const bool take_turns = values > 1 && seen.values.size() <= values_max && 2 * values <= seen.filled;
    // Remarks stand in some rows only, and say nothing of the price.
    const bool apart = seen.column->names_market || (seen.filled * 20 >= rows_ * 19 && 2 * seen.leaps > seen.turns);
    if (take_turns && apart) return refusal(seen);
  }
  return {};
}

std::unexpected<Error> ColumnWatch::refusal(const Seen& seen) {
  return refuse(
      fmt::format("its column '{0}' holds '{1}' and '{2}': rows of several markets? Split it by that column, e.g. with "
                  "grep or awk, "
                  "and import each part into its own market",
                  shown(seen.column->name), seen.first_two[0], seen.first_two[1]));
}

}  // namespace candled::files
