#include "store/view_definitions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "candled/domain/enum_names.hpp"
#include "store/exact.hpp"

namespace candled::store {
namespace {

using enum ColumnKind;

template <NamedEnum Enum>
constexpr auto texts() {
  std::array<std::string_view, enum_names<Enum>.size()> texts;
  std::ranges::transform(enum_names<Enum>, texts.begin(), &EnumName<Enum>::text);
  return texts;
}
constexpr auto sides = texts<Side>();
constexpr auto sources = texts<TradeSource>();
constexpr auto order_types = texts<OrderType>();
constexpr auto states = texts<CandleState>();
constexpr auto signals = texts<SignalKind>();
constexpr auto reasons = texts<FillReason>();

// An order's end is told in two columns: how it ended, and why where it was rejected.
constexpr auto ends = texts<OrderEnd>();
template <bool rejected>
constexpr auto ends_where(std::string_view otherwise) {
  auto texts = ends;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (is_rejection(static_cast<OrderEnd>(i)) != rejected) texts[i] = otherwise;
  }
  return texts;
}
constexpr auto outcomes = ends_where<false>("rejected");
constexpr auto rejections = ends_where<true>("");

constexpr ViewColumn trade_columns[] = {
    {"market", "m.name", text},
    {"trade_id", "t.trade_id", integer},
    {"time", "t.time", instant},
    {"price", "t.price", price},
    {"quantity", "t.quantity", amount},
    {"side", "t.side", name, "the taker's; NULL if the file did not say", sides},
    {"source", "t.source", name, {}, sources},
    {"late", "t.late", integer},
    {"received", "t.received", instant},
    {"order_type", "t.order_type", name, {}, order_types, in_csv},
};

constexpr ViewColumn candle_columns[] = {
    {"market", "m.name", text},
    {"interval", "m.interval_ns", duration},
    {"open_time", "c.open_time", second},
    {"open", "CASE WHEN c.close > 0 THEN c.open END", price, "the four prices: NULL if nothing is known"},
    {"high", "CASE WHEN c.close > 0 THEN c.high END", price},
    {"low", "CASE WHEN c.close > 0 THEN c.low END", price},
    {"close", "CASE WHEN c.close > 0 THEN c.close END", price},
    {"volume", "c.volume", amount},
    {"buy_volume", "c.buy_volume", amount, "NULL if not known"},
    {"trades", "c.trades", integer, "NULL if not known"},
    {"state", "c.state", name, {}, states},
    {"revision", "c.revision", integer},
    {"buy_trades", "c.buy_trades", integer,
     "the tape, from here on: NULL for gaps and for candles imported without trades"},
    {"up_ticks", "c.up_ticks", integer},
    {"down_ticks", "c.down_ticks", integer},
    {"largest", "c.largest", amount, "trade"},
    {"turnover", "c.turnover", amount},
    {"longest_pause_s", "c.longest_pause", seconds},
};

constexpr ViewColumn prediction_columns[] = {
    {"market", "m.name", text},
    {"open_time", "p.open_time", second},
    {"horizon",
     "CASE WHEN p.horizon % 60000000000 = 0 THEN (p.horizon / 60000000000) || 'm' ELSE (p.horizon / 1000000000) || 's' "
     "END",
     text,
     {},
     {},
     in_view | in_api},
    {"horizon", "p.horizon", duration, {}, {}, in_csv},
    {"probability_up", "p.probability_up", real},
    {"signal", "p.signal", name, {}, signals},
    {"model", "p.model", text},
    {"outcome", outcome_sql, integer, "1 up, 0 not, NULL unknown"},
    {"stale", "p.stale", integer},
    {"confidence", "max(p.probability_up, 1 - p.probability_up)", real, {}, {}, in_api},
    {"contributions",
     "p.contributions",
     json,
     "JSON: the features that moved it most, with value and log-odds; NULL where not computed",
     {},
     in_view | in_api},
    {"expired", "p.expired", integer, "1: the model was past `[training] maximum_age`", {}, in_view | in_api},
};

constexpr ViewColumn fill_columns[] = {
    {"strategy", "s.name", text},
    {"market", "m.name", text},
    {"number", "f.number", integer},
    {"time", "f.time", instant},
    {"side", "f.side", name, {}, sides},
    {"quantity", "f.quantity", amount},
    {"price", "f.price", price},
    {"fee", "f.fee", amount},
    {"reason", "f.reason", name, {}, reasons},
};

constexpr ViewColumn order_columns[] = {
    {"strategy", "s.name", text},
    {"market", "m.name", text},
    {"number", "o.number", integer},
    {"decided_on", "o.decided_on", second},
    {"active_from", "o.active_from", instant},
    {"ended", "o.ended", instant},
    {"side", "o.side", name, {}, sides},
    {"type", "iif(o.limit_price IS NULL, 2, 1)", name, {}, order_types},
    {"reason", "o.reason", name, {}, reasons},
    {"limit_price", "o.limit_price", price},
    {"spend", "o.spend", amount},
    {"quantity", "o.quantity", amount},
    {"filled", "o.filled", amount},
    {"outcome", "o.outcome", name, {}, outcomes},
    {"rejection", "o.outcome", name, {}, rejections},
};

constexpr ViewColumn equity_columns[] = {
    {"strategy", "s.name", text},   {"market", "m.name", text},         {"time", "e.time", second, "end of the candle"},
    {"cash", "e.cash", amount},     {"position", "e.position", amount}, {"price", "e.price", price},
    {"equity", "e.equity", amount},
};

constexpr ViewColumn model_columns[] = {
    {"model", "o.name", text},
    {"kind", "o.kind", text},
    {"created", "o.created", second},
    {"trained_from", "o.trained_from", second},
    {"trained_to", "o.trained_to", second},
    {"alias", "a.alias", text, "`champion` `challenger` or NULL"},
    {"accuracy", "o.accuracy", real},
    {"f1", "o.f1", real},
    {"precision", "o.precision", real},
    {"recall", "o.recall", real},
    {"metrics", "o.metrics", text, "JSON", {}, in_view},
    {"metrics", "CASE WHEN json_valid(o.metrics) THEN json(o.metrics) END", json, {}, {}, in_api},
};

// Integers, of whose difference no digit is lost, or both as REAL.
constexpr std::string_view spread_sql =
    "(SELECT CASE WHEN typeof(b.best_ask) = 'integer' AND typeof(b.best_bid) = 'integer' THEN 2.0 * (b.best_ask - "
    "b.best_bid) / (b.best_ask + b.best_bid) ELSE 2.0 * (ask - bid) / (ask + bid) END FROM (SELECT "
    "CASE typeof(b.best_ask) WHEN 'blob' THEN CAST(CAST(b.best_ask AS TEXT) AS REAL) ELSE b.best_ask / 1e10 END AS "
    "ask, "
    "CASE typeof(b.best_bid) WHEN 'blob' THEN CAST(CAST(b.best_bid AS TEXT) AS REAL) ELSE b.best_bid / 1e10 END AS "
    "bid))";

constexpr ViewColumn book_columns[] = {
    {"market", "m.name", text},
    {"open_time", "b.open_time", second},
    {"best_bid", "b.best_bid", price},
    {"bid_quantity", "b.bid_quantity", amount},
    {"best_ask", "b.best_ask", price},
    {"ask_quantity", "b.ask_quantity", amount},
    {"spread", spread_sql, real},
    {"spread_mean", "b.spread_mean", real},
    {"imbalance_1", "b.imbalance_1", real},
    {"imbalance_5", "b.imbalance_5", real},
    {"imbalance_10", "b.imbalance_10", real},
    {"imbalance_1_mean", "b.imbalance_1_mean", real},
    {"imbalance_5_mean", "b.imbalance_5_mean", real},
    {"imbalance_10_mean", "b.imbalance_10_mean", real},
    {"order_flow_1", "b.order_flow_1", real},
    {"order_flow_5", "b.order_flow_5", real},
    {"order_flow_10", "b.order_flow_10", real},
    {"updates", "b.updates", integer},
    {"whole", "b.whole", integer},
    {"late", "b.late", integer},
};

constexpr ViewColumn promotion_columns[] = {
    {"model", "p.model", text},
    {"decided", "CASE WHEN p.decided > 0 THEN p.decided END", second, "market time"},
    {"why", "p.why", text},
};

constexpr ViewColumn trial_columns[] = {
    {"study", "s.id", integer},
    {"settings", "s.settings", text},
    {"rows_from", "s.from_time", second},
    {"rows_to", "s.to_time", second},
    {"number", "t.number", integer},
    {"state", "t.state", text},
    {"loss", "t.loss", real},
    {"parameters", "json_extract(t.trial, '$.parameters')", json, "JSON"},
};

constexpr ViewColumn backtest_columns[] = {
    {"backtest", "b.name", text, "its name"},
    {"strategy", "s.strategy", text},
    {"kind", "s.kind", text},
    {"market", "b.market", text},
    {"from_time", "b.from_time", second},
    {"to_time", "b.to_time", second},
    {"model", "b.model", text, "`walk-forward` where it was retrained during the backtest"},
    {"in_sample", "b.in_sample", integer},
    {"candles_only", "b.candles_only", integer},
    {"gap_share", "b.gap_share", real},
    {"total_return", "s.total_return", real},
    {"return_low", "s.return_low", real},
    {"return_high", "s.return_high", real, "with return_low: 95 %"},
    {"annualised_return", "s.annualised_return", real},
    {"volatility", "s.volatility", real},
    {"sharpe", "s.sharpe", real},
    {"sortino", "s.sortino", real},
    {"calmar", "s.calmar", real},
    {"maximum_drawdown", "s.maximum_drawdown", real},
    {"trades", "s.trades", integer},
    {"fills", "s.fills", integer},
    {"win_rate", "s.win_rate", real},
    {"profit_factor", "s.profit_factor", real},
    {"exposure", "s.exposure", real},
    {"turnover", "s.turnover", real},
    {"fees", "s.fees", real},
    {"last_equity", "s.last_equity", real},
    {"created", "b.created", second},
};

constexpr ViewColumn gap_columns[] = {
    {"market", "m.name", text},
    {"first_missing_id", "h.first_missing_id", integer},
    {"last_missing_id", "h.last_missing_id", integer},
    {"detected", "h.detected", second},
    {"filled", "h.filled", second, "NULL while open"},
};

constexpr ViewColumn pause_columns[] = {
    {"sequence", "p.sequence", integer, "the place in the stream"},
    {"asked", "p.asked", second, "when, by the clock of the machine"},
    {"paused", "p.paused", integer, "1: from here on no position is opened, 0: again"},
};

// Those of `View` first, in its order.
constexpr ViewDefinition definitions[] = {
    {"trades", trade_columns, "FROM trade t JOIN market m ON m.id = t.market"},
    {"candles", candle_columns, "FROM candle c JOIN market m ON m.id = c.market"},
    {"predictions", prediction_columns,
     "FROM prediction p JOIN market m ON m.id = p.market LEFT JOIN candle c ON c.market = p.market AND c.open_time = "
     "p.open_time "
     "LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon"},
    {"fills", fill_columns, "FROM fill f JOIN market m ON m.id = f.market JOIN strategy s ON s.id = f.strategy"},
    {"equity", equity_columns,
     "FROM equity_point e JOIN market m ON m.id = e.market JOIN strategy s ON s.id = e.strategy"},
    {"models", model_columns, "FROM model o LEFT JOIN model_alias a ON a.model = o.name"},
    {"gaps", gap_columns, "FROM hole h JOIN market m ON m.id = h.market"},
    {"orders", order_columns,
     "FROM paper_order o JOIN market m ON m.id = o.market JOIN strategy s ON s.id = o.strategy",
     "what became of each, [trading.md](trading.md)"},
    {"books", book_columns, "FROM book_fact b JOIN market m ON m.id = b.market",
     "what the order book said about a candle, [order_book.md](order_book.md)"},
    {"promotions", promotion_columns, "FROM promotion p ORDER BY p.id", "every champion, oldest first"},
    {"trials", trial_columns, "FROM study s JOIN trial t ON t.study = s.id",
     "what `candled tune` tried; while a daemon holds the file they go to `<database>.tuning.sqlite` beside it"},
    {"backtests", backtest_columns, "FROM backtest b JOIN backtest_strategy s ON s.backtest = b.name",
     "one row for each strategy of each [backtest](backtest.md)"},
    {"pauses", pause_columns, "FROM pause p"},
};

std::string names_sql(const ViewColumn& column) {
  std::string sql = fmt::format("CASE {}", column.expression);
  for (std::size_t i = 0; i < column.names.size(); ++i) {
    if (!column.names[i].empty()) sql += fmt::format(" WHEN {} THEN '{}'", i, column.names[i]);
  }
  return sql + " END";
}

std::string duration_sql(std::string_view ns) {
  return fmt::format(
      "CASE WHEN {0} % 86400000000000 = 0 THEN ({0} / 86400000000000) || 'd' "
      "WHEN {0} % 3600000000000 = 0 THEN ({0} / 3600000000000) || 'h' "
      "WHEN {0} % 60000000000 = 0 THEN ({0} / 60000000000) || 'm' ELSE ({0} / 1000000000) || 's' END",
      ns);
}

// As a view shows it.
std::string shown_sql(const ViewColumn& column) {
  const std::string value = column.expression.find(' ') == std::string_view::npos
                                ? std::string(column.expression)
                                : fmt::format("({})", column.expression);
  switch (column.kind) {
    case text:
    case integer:
    case real:
    case json: return std::string(column.expression);
    case price: return real_sql(value, "1e10");
    case amount: return real_sql(value, "1e8");
    case seconds: return value + " / 1e9";
    case instant:
      return fmt::format(
          "strftime('%Y-%m-%dT%H:%M:%S', {0} / 1000000000, 'unixepoch') || printf('.%06dZ', {0} / 1000 % 1000000)",
          value);
    case second: return fmt::format("strftime('%Y-%m-%dT%H:%M:%SZ', {} / 1000000000, 'unixepoch')", value);
    case duration: return duration_sql(value);
    case name: return names_sql(column);
  }
  invariant_failed("no such kind of column");
}

}  // namespace

const ViewDefinition& definition_of(View view) { return definitions[static_cast<std::size_t>(view)]; }

std::span<const ViewDefinition> view_definitions() { return definitions; }

std::vector<ViewColumn> columns_of(const ViewDefinition& view, ShownIn where) {
  std::vector<ViewColumn> columns;
  std::ranges::copy_if(view.columns, std::back_inserter(columns),
                       [&](const ViewColumn& column) { return (column.shown & where) != 0; });
  return columns;
}

std::string select_list(std::span<const ViewColumn> columns, ShownIn where) {
  std::string sql;
  for (const ViewColumn& column : columns) {
    if (!sql.empty()) sql += ", ";
    const bool as_text =
        where == in_view ||
        (where == in_api && (column.kind == name || column.kind == duration || column.kind == seconds));
    sql += as_text ? shown_sql(column) : std::string(column.expression);
    if (where == in_view) sql.append(" AS ").append(column.name);
  }
  return sql;
}

std::string create_view_sql(const ViewDefinition& view) {
  return fmt::format("CREATE VIEW {} AS SELECT {} {}", view.name, select_list(columns_of(view, in_view), in_view),
                     view.from);
}

std::string docs_row(const ViewDefinition& view) {
  std::string columns;
  for (const ViewColumn& column : columns_of(view, in_view)) {
    std::string doc;
    for (std::size_t i = 0; i < column.names.size(); ++i) {
      const bool is_new = std::ranges::find(column.names.first(i), column.names[i]) ==
                          column.names.begin() + static_cast<std::ptrdiff_t>(i);
      if (!column.names[i].empty() && is_new) doc += fmt::format("{}`{}`", doc.empty() ? "" : " ", column.names[i]);
    }
    if (!column.doc.empty()) doc += fmt::format("{}{}", doc.empty() ? "" : ", ", column.doc);
    columns +=
        fmt::format("{}{}{}", columns.empty() ? "" : ", ", column.name, doc.empty() ? "" : fmt::format(" ({})", doc));
  }
  return fmt::format("| `{}` | {}{} |", view.name, columns, view.doc.empty() ? "" : fmt::format(": {}", view.doc));
}

}  // namespace candled::store
