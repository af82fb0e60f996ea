#include "store/view_queries.hpp"

#include <array>

namespace candled::store {
namespace {

using enum ColumnKind;

constexpr std::array trade_columns{
    ViewColumn{"market", "m.name", text},
    ViewColumn{"trade_id", "t.trade_id", integer},
    ViewColumn{"time", "t.time", instant},
    ViewColumn{"price", "t.price", price},
    ViewColumn{"quantity", "t.quantity", amount},
    ViewColumn{"side", "CASE t.side WHEN 0 THEN 'buy' WHEN 1 THEN 'sell' END", text},
    ViewColumn{"source", "CASE t.source WHEN 0 THEN 'stream' WHEN 1 THEN 'rest' ELSE 'import' END", text},
    ViewColumn{"late", "t.late", integer},
    ViewColumn{"received", "t.received", instant},
};

constexpr std::array candle_columns{
    ViewColumn{"market", "m.name", text},
    ViewColumn{"interval",
               "CASE WHEN m.interval_ns % 86400000000000 = 0 THEN (m.interval_ns / 86400000000000) || 'd' "
               "WHEN m.interval_ns % 3600000000000 = 0 THEN (m.interval_ns / 3600000000000) || 'h' "
               "WHEN m.interval_ns % 60000000000 = 0 THEN (m.interval_ns / 60000000000) || 'm' "
               "ELSE (m.interval_ns / 1000000000) || 's' END",
               text},
    ViewColumn{"open_time", "c.open_time", instant},
    ViewColumn{"open", "CASE WHEN c.close > 0 THEN c.open END", price},
    ViewColumn{"high", "CASE WHEN c.close > 0 THEN c.high END", price},
    ViewColumn{"low", "CASE WHEN c.close > 0 THEN c.low END", price},
    ViewColumn{"close", "CASE WHEN c.close > 0 THEN c.close END", price},
    ViewColumn{"volume", "c.volume", amount},
    ViewColumn{"buy_volume", "c.buy_volume", amount},
    ViewColumn{"trades", "c.trades", integer},
    ViewColumn{"state", "CASE c.state WHEN 0 THEN 'traded' WHEN 1 THEN 'quiet' ELSE 'gap' END", text},
    ViewColumn{"revision", "c.revision", integer},
    ViewColumn{"buy_trades", "c.buy_trades", integer},
    ViewColumn{"up_ticks", "c.up_ticks", integer},
    ViewColumn{"down_ticks", "c.down_ticks", integer},
    ViewColumn{"largest", "c.largest", amount},
    ViewColumn{"turnover", "c.turnover", amount},
    ViewColumn{"longest_pause_s", "c.longest_pause / 1e9", real},
};

constexpr std::array prediction_columns{
    ViewColumn{"market", "m.name", text},
    ViewColumn{"open_time", "p.open_time", instant},
    ViewColumn{"horizon",
               "CASE WHEN p.horizon % 60000000000 = 0 THEN (p.horizon / 60000000000) || 'm' "
               "ELSE (p.horizon / 1000000000) || 's' END",
               text},
    ViewColumn{"probability_up", "p.probability_up", real},
    ViewColumn{"signal", "CASE p.signal WHEN 1 THEN 'buy' WHEN 2 THEN 'sell' ELSE 'hold' END", text},
    ViewColumn{"model", "p.model", text},
    ViewColumn{"outcome", "CASE WHEN c.state < 2 AND later.state < 2 THEN later.close > c.close END", integer},
    ViewColumn{"stale", "p.stale", integer},
    ViewColumn{"confidence", "max(p.probability_up, 1 - p.probability_up)", real},
    ViewColumn{"contributions", "p.contributions", json},
    ViewColumn{"expired", "p.expired", integer},
};

constexpr std::array fill_columns{
    ViewColumn{"strategy", "s.name", text},
    ViewColumn{"market", "m.name", text},
    ViewColumn{"number", "f.number", integer},
    ViewColumn{"time", "f.time", instant},
    ViewColumn{"side", "CASE f.side WHEN 0 THEN 'buy' ELSE 'sell' END", text},
    ViewColumn{"quantity", "f.quantity", amount},
    ViewColumn{"price", "f.price", price},
    ViewColumn{"fee", "f.fee", amount},
    ViewColumn{"reason", "CASE f.reason WHEN 0 THEN 'signal' WHEN 1 THEN 'rest of position' WHEN 2 THEN 'limit' "
                         "WHEN 3 THEN 'stop loss' WHEN 4 THEN 'take profit' WHEN 5 THEN 'trailing stop' ELSE 'drawdown' END", text},
};

constexpr std::array equity_columns{
    ViewColumn{"strategy", "s.name", text},       ViewColumn{"market", "m.name", text},
    ViewColumn{"time", "e.time", instant},        ViewColumn{"cash", "e.cash", amount},
    ViewColumn{"position", "e.position", amount}, ViewColumn{"price", "e.price", price},
    ViewColumn{"equity", "e.equity", amount},
};

constexpr std::array model_columns{
    ViewColumn{"model", "o.name", text},
    ViewColumn{"kind", "o.kind", text},
    ViewColumn{"created", "o.created", instant},
    ViewColumn{"trained_from", "o.trained_from", instant},
    ViewColumn{"trained_to", "o.trained_to", instant},
    ViewColumn{"alias", "a.alias", text},
    ViewColumn{"accuracy", "o.accuracy", real},
    ViewColumn{"f1", "o.f1", real},
    ViewColumn{"precision", "o.precision", real},
    ViewColumn{"recall", "o.recall", real},
    ViewColumn{"metrics", "CASE WHEN json_valid(o.metrics) THEN json(o.metrics) END", json},
};

constexpr std::array gap_columns{
    ViewColumn{"market", "m.name", text},
    ViewColumn{"first_missing_id", "h.first_missing_id", integer},
    ViewColumn{"last_missing_id", "h.last_missing_id", integer},
    ViewColumn{"detected", "h.detected", instant},
    ViewColumn{"filled", "h.filled", instant},
};

// The inner SELECT finds, along the primary key, where the newest ?2 rows of one market begin (one more, because the row
// at the cursor's own time may be left out); only those are then read and sorted, however many markets there are. CROSS
// JOIN keeps SQLite from turning the loops around. "+" keeps it from taking the cursor, which may be open, for the bound.
constexpr ViewQuery trades{trade_columns, "t.time, t.trade_id, -m.id", ""};

constexpr ViewQuery candles{
    candle_columns, "c.open_time, -m.id, 0",
    "FROM market m CROSS JOIN candle c ON c.market = m.id AND c.open_time <= ?5 AND c.open_time >= max(?4, ifnull((SELECT "
    "x.open_time FROM candle x WHERE x.market = m.id AND x.open_time <= ?5 ORDER BY x.open_time DESC LIMIT 1 OFFSET ?2), ?4)) "
    "WHERE (?1 = '' OR m.name = ?1) AND (+c.open_time, -m.id, 0) < (?6, ?7, ?8) ORDER BY c.open_time DESC, m.id LIMIT ?2"};

constexpr ViewQuery predictions{
    prediction_columns, "p.open_time, -m.id, 0",
    "FROM market m CROSS JOIN prediction p ON p.market = m.id AND p.open_time <= ?5 AND p.open_time >= max(?4, ifnull((SELECT "
    "x.open_time FROM prediction x WHERE x.market = m.id AND x.open_time <= ?5 ORDER BY x.open_time DESC LIMIT 1 OFFSET ?2), ?4)) "
    "LEFT JOIN candle c ON c.market = p.market AND c.open_time = p.open_time "
    "LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon "
    "WHERE (?1 = '' OR m.name = ?1) AND (+p.open_time, -m.id, 0) < (?6, ?7, ?8) ORDER BY p.open_time DESC, m.id LIMIT ?2"};

// Fills are numbered in the order of their times.
constexpr ViewQuery fills{
    fill_columns, "f.time, f.number, -(s.id * 1000000 + m.id)",
    "FROM strategy s CROSS JOIN market m CROSS JOIN fill f ON f.strategy = s.id AND f.market = m.id AND f.number >= "
    "ifnull((SELECT x.number FROM fill x WHERE x.strategy = s.id AND x.market = m.id AND x.time <= ?5 "
    "ORDER BY x.number DESC LIMIT 1 OFFSET ?2), 0) AND +f.time <= ?5 AND +f.time >= ?4 "
    "WHERE (?1 = '' OR m.name = ?1) AND (?3 = '' OR s.name = ?3) "
    "AND (+f.time, +f.number, -(s.id * 1000000 + m.id)) < (?6, ?7, ?8) "
    "ORDER BY f.time DESC, f.number DESC, s.id, m.id LIMIT ?2"};

constexpr ViewQuery equity{
    equity_columns, "e.time, -(s.id * 1000000 + m.id), 0",
    "FROM strategy s CROSS JOIN market m CROSS JOIN equity_point e ON e.strategy = s.id AND e.market = m.id AND e.time <= ?5 "
    "AND e.time >= max(?4, ifnull((SELECT x.time FROM equity_point x WHERE x.strategy = s.id AND x.market = m.id AND x.time <= ?5 "
    "ORDER BY x.time DESC LIMIT 1 OFFSET ?2), ?4)) "
    "WHERE (?1 = '' OR m.name = ?1) AND (?3 = '' OR s.name = ?3) "
    "AND (+e.time, -(s.id * 1000000 + m.id), 0) < (?6, ?7, ?8) ORDER BY e.time DESC, s.id, m.id LIMIT ?2"};

// A model is named after its second: 20251124_190000.
constexpr ViewQuery models{
    model_columns, "CAST(replace(o.name, '_', '') AS INTEGER), 0, 0",
    "FROM model o LEFT JOIN model_alias a ON a.model = o.name WHERE o.created >= ?4 AND o.created <= ?5 AND ?1 = ?1 AND ?3 = ?3 "
    "AND (CAST(replace(o.name, '_', '') AS INTEGER), 0, 0) < (?6, ?7, ?8) ORDER BY o.name DESC LIMIT ?2",
    false};

constexpr ViewQuery gaps{
    gap_columns, "h.detected, h.first_missing_id, -m.id",
    "FROM market m CROSS JOIN hole h ON h.market = m.id AND h.detected >= ?4 AND h.detected <= ?5 "
    "WHERE (?1 = '' OR m.name = ?1) AND ?3 = ?3 AND (+h.detected, +h.first_missing_id, -m.id) < (?6, ?7, ?8) "
    "ORDER BY h.detected DESC, h.first_missing_id DESC, m.id LIMIT ?2"};

}  // namespace

const ViewQuery& query_of(View view) {
  switch (view) {
    case View::trades: return trades;
    case View::candles: return candles;
    case View::predictions: return predictions;
    case View::fills: return fills;
    case View::equity: return equity;
    case View::models: return models;
    case View::gaps: return gaps;
  }
  invariant_failed("no such view");
}

std::string columns_of(const ViewQuery& query) {
  std::string sql;
  for (const ViewColumn& column : query.columns) {
    sql += column.expression;
    sql += ", ";
  }
  return sql.append(query.place);
}

std::string sql_of(const ViewQuery& query) { return "SELECT " + columns_of(query) + " " + std::string(query.source); }

}  // namespace candled::store
