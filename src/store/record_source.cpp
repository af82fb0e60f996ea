#include "store/record_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "store/book_row.hpp"
#include "store/trade_row.hpp"

namespace candled::store {
namespace {

RecordedEvent recorded(Event event, std::int64_t sequence) {
  event.sequence = sequence;
  return {std::move(event)};
}

std::string is_market(std::int64_t id) { return fmt::format("market = {} AND ", id); }

}  // namespace

RecordSource::RecordSource(const Connection& connection, const std::string& table, const std::string& key,
                           const std::string& columns, const std::string& of_market, Read read)
    : ordered_(key == "sequence"),
      page_(connection,
            fmt::format("SELECT {1} FROM {0} WHERE {3} {2} >= ? AND {2} <= ? AND sequence > ? ORDER BY {2} LIMIT ?",
                        table, columns, key, of_market)),
      keys_(connection, fmt::format("SELECT {1}, sequence FROM {0} WHERE {2} {1} > ? AND sequence > ? ORDER BY {1}",
                                    table, key, of_market)),
      read_(std::move(read)) {}

void RecordSource::read(std::int64_t first, std::int64_t last, std::int64_t after, std::size_t rows_max,
                        std::vector<Row>& rows) {
  page_.bind(first, last, after, static_cast<std::int64_t>(rows_max));
  while (page_.next()) rows.push_back({page_.integer(0), read_(page_)});
}

RecordSource trades_of(const Connection& connection, MarketId market, std::int64_t id, TradeIds ids) {
  const std::string these =
      is_market(id) + (ids.first == made_trade_ids.first ? "trade_id < 0 AND " : "trade_id >= 0 AND ");
  return {connection, "trade", "trade_id", trade_columns, these, [market](const Statement& row) {
            return recorded(Event::of(market, trade_of(row)), row.integer(trade_sequence_column));
          }};
}

RecordSource replaced_trades_of(const Connection& connection, MarketId market, std::int64_t id) {
  return {connection,
          "trade_replaced",
          "sequence",
          std::string("sequence, ") + trade_columns,
          is_market(id),
          [market](const Statement& row) { return recorded(Event::of(market, trade_of(row, 1)), row.integer(0)); }};
}

bool has_replaced_trades(const Connection& connection) {
  Statement table(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'trade_replaced'");
  bool has = false;
  while (table.next()) has = table.integer(0) > 0;
  return has;
}

RecordSource sequence_gaps_of(const Connection& connection, MarketId market, std::int64_t id) {
  return {connection,
          "hole",
          "first_missing_id",
          "first_missing_id, last_missing_id, detected, proven_until, sequence",
          is_market(id),
          [market](const Statement& row) {
            return recorded(
                Event::sequence_gap(market,
                                    SequenceGap{row.integer(0), row.integer(1), {row.integer(2)}, {row.integer(3)}}),
                row.integer(4));
          }};
}

RecordSource books_of(const Connection& connection, MarketId market, std::int64_t id) {
  return {connection,
          "book_fact",
          "open_time",
          std::string(book_columns) + ", sequence",
          is_market(id),
          [market](const Statement& row) {
            return recorded(Event::of(market, std::make_unique<BookFacts>(book_of(row))),
                            row.integer(book_column_count));
          }};
}

RecordSource watermarks_of(const Connection& connection, std::span<const std::int64_t> ids) {
  const std::string one_of = fmt::format("market IN ({}) AND ", fmt::join(ids, ","));
  return {connection,
          "tick",
          "sequence",
          "sequence, market, time, received",
          one_of,
          [ids = std::vector<std::int64_t>(ids.begin(), ids.end())](const Statement& row) {
            const auto market = static_cast<MarketId>(std::ranges::find(ids, row.integer(1)) - ids.begin());
            return recorded(Event::of(market, Watermark{{row.integer(2)}, {row.integer(3)}, true}), row.integer(0));
          }};
}

RecordSource pauses(const Connection& connection) {
  return {connection, "pause", "sequence", "sequence, paused, asked", "", [](const Statement& row) {
            return recorded(Event::of(Pause{row.integer(1) != 0, {row.integer(2)}}), row.integer(0));
          }};
}

RecordSource model_swaps(const Connection& connection) {
  return {connection, "takeover", "sequence", "sequence, model", "", [](const Statement& row) {
            RecordedEvent event{{}, std::string(row.text(1))};
            event.event.sequence = row.integer(0);
            return event;
          }};
}

}  // namespace candled::store
