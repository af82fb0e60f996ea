#include "store/committed_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "store/exact.hpp"
#include "store/view_cells.hpp"

namespace candled::store {
namespace {

using Type = StreamEvent::Type;

struct StreamQuery {
  Type type;
  View view;
  std::string_view sequence;  // the column
  std::string_view where;     // with the order. ?1 and ?2: the key's first columns (market, strategy)
  bool by_strategy = false;
};

// Behind a repair old candles are rebuilt with sequence 0; they are not told here, the gap is.
constexpr std::array queries{
    StreamQuery{Type::gap, View::gaps, "h.sequence",
                "WHERE h.market = ?1 AND ?2 = ?2 ORDER BY h.first_missing_id DESC"},
    StreamQuery{Type::candle, View::candles, "c.sequence", "WHERE c.market = ?1 AND ?2 = ?2 ORDER BY c.open_time DESC"},
    StreamQuery{Type::prediction, View::predictions, "p.sequence",
                "WHERE p.market = ?1 AND ?2 = ?2 ORDER BY p.open_time DESC"},
    StreamQuery{Type::fill, View::fills, "f.sequence", "WHERE f.market = ?1 AND f.strategy = ?2 ORDER BY f.number DESC",
                true},
    StreamQuery{Type::equity, View::equity, "e.sequence",
                "WHERE e.market = ?1 AND e.strategy = ?2 ORDER BY e.time DESC", true},
};

// A model is told when it takes over, also when an old one does again.
constexpr StreamQuery model_swaps{Type::model, View::models, "t.sequence",
                                  "JOIN takeover t ON t.model = o.name ORDER BY t.sequence DESC"};
// Filling a sequence gap leaves its sequence alone, but stamps it.
constexpr StreamQuery filled_sequence_gaps{Type::gap, View::gaps, "?2", "WHERE h.filled > ?1 ORDER BY h.filled DESC"};

std::string sql_of(const StreamQuery& query) {
  return fmt::format("SELECT {}, {} {} {}", select_list(api_columns(query.view), in_api), query.sequence,
                     definition_of(query.view).from, query.where);
}

// Reads one table for one market (and strategy), newest first, until a row is not new or the batch is full.
void read_new(Statement& rows, const StreamQuery& query, std::int64_t behind, std::int64_t up_to,
              std::int64_t events_max, StreamBatch& batch) {
  const std::vector<ViewColumn>& columns = api_columns(query.view);
  const auto width = static_cast<int>(columns.size());
  std::int64_t read = 0;
  while (rows.next()) {
    const std::int64_t sequence = rows.integer(width);
    if (sequence > up_to) continue;  // committed while we read
    if (sequence == 0) continue;     // rebuilt
    if (sequence <= behind) break;
    if (read++ == events_max) {
      batch.cut = true;
      break;
    }
    StreamEvent event{query.type, sequence, 0, empty_rows(columns)};
    append_cells(event.row, rows, columns);
    batch.events.push_back(std::move(event));
  }
}

TradeSummary summary_of(const Connection& connection, const std::string& market, std::int64_t market_id,
                        std::int64_t behind) {
  // A long catch-up is told by its newest trades: the count is of those.
  constexpr int trades_max = 10'000;
  TradeSummary summary;
  summary.market = market;
  Statement trades(connection,
                   fmt::format("SELECT trade_id, time, price, quantity, side, sequence FROM trade WHERE market = ? "
                               "ORDER BY trade_id DESC LIMIT {}",
                               trades_max));
  trades.bind(market_id);
  while (trades.next()) {
    if (trades.integer(5) <= behind) break;
    const Price price = exact<Price>(trades, 2);
    if (summary.count++ == 0) {
      summary.last_trade_id = trades.integer(0);
      summary.last_time.ns = trades.integer(1);
      summary.last_price = summary.high = summary.low = price;
    }
    summary.high = std::max(summary.high, price);
    summary.low = std::min(summary.low, price);
    const Volume quantity = volume_of(exact<Quantity>(trades, 3));
    add_exact(summary.volume, quantity);
    if (trades.integer(4) == 0) add_exact(summary.buy_volume, quantity);
  }
  return summary;
}

// Events of one sequence keep the order in which their tables are read: cause before effect.
void put_in_order(StreamBatch& batch, std::int64_t events_max) {
  std::ranges::stable_sort(batch.events, {}, &StreamEvent::sequence);
  const auto count = static_cast<std::int64_t>(batch.events.size());
  if (count > events_max) {
    batch.events.erase(batch.events.begin(), batch.events.begin() + static_cast<std::ptrdiff_t>(count - events_max));
    batch.cut = true;
  }
  std::int64_t sequence = 0, number = 0;
  for (StreamEvent& event : batch.events) {
    number = event.sequence == sequence ? number + 1 : 1;
    sequence = event.sequence;
    event.number = number;
  }
}

}  // namespace

StreamBatch read_committed(ViewConnection& reader, std::int64_t behind, Timestamp filled_behind,
                           std::int64_t events_max) {
  Connection& connection = reader.sql();
  // One moment for all tables: the read transaction ends with the function.
  connection.execute("BEGIN");
  const std::unique_ptr<Connection, void (*)(Connection*)> end(
      &connection, [](Connection* c) { sqlite3_exec(c->handle(), "COMMIT", nullptr, nullptr, nullptr); });
  StreamBatch batch;
  batch.sequence = connection.query_integer("SELECT last_sequence FROM stream");
  batch.last_filled.ns = connection.query_integer("SELECT ifnull(max(filled), 0) FROM hole");
  if (batch.sequence <= behind) return batch;
  std::vector<std::int64_t> strategies;
  Statement ids(connection, "SELECT id FROM strategy ORDER BY id");
  while (ids.next()) strategies.push_back(ids.integer(0));
  const auto markets = reader.markets();
  for (const StreamQuery& query : queries) {
    Statement rows(connection, sql_of(query));
    for (const auto& market : markets) {
      for (const std::int64_t strategy : query.by_strategy ? strategies : std::vector<std::int64_t>{0}) {
        rows.bind(market.id, strategy);
        read_new(rows, query, behind, batch.sequence, events_max, batch);
        rows.reset();
      }
    }
  }
  Statement models(connection, sql_of(model_swaps));
  read_new(models, model_swaps, behind, batch.sequence, events_max, batch);
  if (filled_behind.ns > 0 && batch.last_filled > filled_behind) {
    Statement filled(connection, sql_of(filled_sequence_gaps));
    filled.bind(filled_behind.ns, batch.sequence);
    read_new(filled, filled_sequence_gaps, behind, batch.sequence, events_max, batch);
  }
  put_in_order(batch, events_max);
  for (const auto& market : markets) {
    TradeSummary summary = summary_of(connection, market.name, market.id, behind);
    if (summary.count > 0) batch.trades.push_back(std::move(summary));
  }
  return batch;
}

}  // namespace candled::store
