#include "candled/store/recording.hpp"

#include <fmt/format.h>

#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "candled/store/journal_writer.hpp"
#include "store/candle_row.hpp"
#include "store/exact.hpp"
#include "store/fill_row.hpp"
#include "store/order_row.hpp"
#include "store/reading.hpp"
#include "store/record_stream_implementation.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

std::vector<double> row_of(std::string_view blob) {
  std::vector<double> row(blob.size() / sizeof(double));
  if (!row.empty()) std::memcpy(row.data(), blob.data(), row.size() * sizeof(double));
  return row;
}

// A statement that was bound, as rows.
template <class Row, class Read>
Rows<Row> rows_of(std::shared_ptr<Statement> statement, Read read) {
  return [statement = std::move(statement), read]() -> std::optional<Row> {
    return reading([&]() -> std::optional<Row> {
      if (!statement->next()) return std::nullopt;
      return read(*statement);
    });
  };
}

MarketTable markets_of(Connection& connection) {
  MarketTable table;
  Statement rows(connection, "SELECT name, interval_ns FROM market ORDER BY id");
  while (rows.next()) {
    const std::string name(rows.text(0));
    const std::size_t colon = name.find(':');
    table.push_back({static_cast<MarketId>(table.size()), name.substr(0, colon),
                     colon == std::string::npos ? "" : name.substr(colon + 1), Duration{rows.integer(1)}});
  }
  return table;
}

}  // namespace

class Recording::Implementation {
 public:
  explicit Implementation(const std::filesystem::path& path)
      : snapshot(std::make_shared<Connection>(open_snapshot(path))), markets(markets_of(connection)) {
    last_sequence = connection.query_integer("SELECT last_sequence FROM stream");
    Statement ids(connection, "SELECT id FROM market ORDER BY id");
    while (ids.next()) market_rows.push_back(ids.integer(0));
    Statement names(connection, "SELECT name FROM strategy ORDER BY id");
    while (names.next()) strategies.emplace_back(names.text(0));
  }

  // `columns` and `sequence` of a table's rows of one market. Half a group, which a crash left in front of its head event, is not there.
  std::shared_ptr<Statement> of_market(const char* table, const std::string& columns, const char* order,
                                       MarketId market) {
    auto statement = std::make_shared<Statement>(
        connection, fmt::format("SELECT {}, sequence FROM {} WHERE market = ?1 AND sequence <= ?2 ORDER BY {}", columns,
                                table, order));
    statement->bind(market_rows[index_of(market)], last_sequence);
    return statement;
  }
  std::shared_ptr<Statement> of_account(const char* table, const std::string& columns, const char* order,
                                        MarketId market, const std::string& strategy) {
    auto statement = std::make_shared<Statement>(
        connection, fmt::format("SELECT {}, sequence FROM {} WHERE market = ?1 AND sequence <= ?2 AND strategy = "
                                "(SELECT id FROM strategy WHERE name = ?3) "
                                "ORDER BY {}",
                                columns, table, order));
    statement->bind(market_rows[index_of(market)], last_sequence, strategy);
    return statement;
  }

  const std::shared_ptr<Connection> snapshot;
  Connection& connection = *snapshot;
  MarketTable markets;
  std::int64_t last_sequence = 0;
  std::vector<std::int64_t> market_rows;
  std::vector<std::string> strategies;
};

Recording::Recording(const std::filesystem::path& path)
    : implementation_(reading([&] { return std::make_unique<Implementation>(path); })) {}
Recording::~Recording() = default;
Recording::Recording(Recording&&) noexcept = default;

const MarketTable& Recording::markets() const { return implementation_->markets; }
const std::vector<std::string>& Recording::strategies() const { return implementation_->strategies; }
std::int64_t Recording::last_sequence() const { return implementation_->last_sequence; }

std::vector<RunRecord> Recording::runs() const {
  return reading([&] {
    Connection& connection = implementation_->connection;
    std::vector<RunRecord> runs;
    Statement s(connection, "SELECT sequence, version, config, id FROM run ORDER BY id");
    Statement states(connection, "SELECT station, state FROM run_state WHERE run = ?");
    while (s.next()) {
      RunRecord& run = runs.emplace_back(RunRecord{s.integer(0), std::string(s.text(1)), std::string(s.text(2)), {}});
      states.bind(s.integer(3));
      while (states.next()) run.states.push_back({std::string(states.text(0)), std::string(states.blob(1)), true});
    }
    return runs;
  });
}

RecordBounds Recording::bounds(MarketId market) const {
  return reading([&] {
    RecordBounds bounds;
    Statement s(implementation_->connection,
                "SELECT trades_pruned_before, features_pruned_before FROM record_bounds WHERE market = ?");
    s.bind(implementation_->market_rows[index_of(market)]);
    while (s.next()) {
      if (!s.is_null(0)) bounds.trades_pruned_before = Timestamp{s.integer(0)};
      if (!s.is_null(1)) bounds.features_pruned_before = Timestamp{s.integer(1)};
    }
    return bounds;
  });
}

std::string Recording::missing_part() const {
  return reading([&]() -> std::string {
    for (const Market& market : implementation_->markets) {
      if (const auto pruned = bounds(market.id).trades_pruned_before) {
        return fmt::format("trades of {} before {} were deleted ([storage] keep_trades)", market.name(),
                           to_iso8601(*pruned));
      }
    }
    Statement replaced(
        implementation_->connection,
        "SELECT m.name FROM record_bounds b JOIN market m ON m.id = b.market WHERE b.trades_replaced > 0");
    std::string what;
    while (replaced.next())
      what = fmt::format("an import put trades of {} that have ids in the place of ones without", replaced.text(0));
    return what;
  });
}

RecordStream Recording::events(RecordStream::KeepGoing keep_going) const {
  return reading([&] {
    const Implementation& self = *implementation_;
    return RecordStream(std::make_unique<RecordStream::Implementation>(self.snapshot, self.market_rows, RecordPlace{},
                                                                       std::move(keep_going)));
  });
}

Rows<RecordedCandle> Recording::candles(MarketId market) const {
  auto statement = reading([&] {
    return implementation_->of_market("candle", std::string(candle_columns) + ", closed", "open_time", market);
  });
  return rows_of<RecordedCandle>(std::move(statement), [](const Statement& row) {
    return RecordedCandle{candle_of(row), {row.integer(candle_column_count)}, row.integer(candle_column_count + 1)};
  });
}

Rows<RecordedFeatures> Recording::features(MarketId market) const {
  auto statement =
      reading([&] { return implementation_->of_market("feature", "open_time, hash, row", "open_time", market); });
  return rows_of<RecordedFeatures>(std::move(statement), [](const Statement& row) {
    return RecordedFeatures{{row.integer(0)}, std::string(row.text(1)), row_of(row.blob(2)), row.integer(3)};
  });
}

Rows<RecordedPrediction> Recording::predictions(MarketId market) const {
  auto statement = reading([&] {
    return implementation_->of_market("prediction", "open_time, probability_up, horizon, signal, model, stale, expired",
                                      "open_time", market);
  });
  return rows_of<RecordedPrediction>(std::move(statement), [](const Statement& row) {
    RecordedPrediction recorded;
    recorded.open_time.ns = row.integer(0);
    recorded.prediction.probability_up = row.real(1);
    recorded.prediction.horizon.ns = row.integer(2);
    recorded.prediction.signal = static_cast<SignalKind>(row.integer(3));
    recorded.prediction.model = std::string(row.text(4));
    recorded.stale = row.integer(5) != 0;
    recorded.prediction.expired = row.integer(6) != 0;
    recorded.sequence = row.integer(7);
    return recorded;
  });
}

Rows<RecordedFill> Recording::fills(MarketId market, const std::string& strategy) const {
  auto statement =
      reading([&] { return implementation_->of_account("fill", fill_columns, "number", market, strategy); });
  return rows_of<RecordedFill>(std::move(statement), [](const Statement& row) {
    return RecordedFill{fill_of(row), row.integer(fill_column_count)};
  });
}

Rows<RecordedOrder> Recording::orders(MarketId market, const std::string& strategy) const {
  auto statement = reading(
      [&] { return implementation_->of_account("paper_order", order_columns, "decided_on", market, strategy); });
  return rows_of<RecordedOrder>(std::move(statement), [](const Statement& row) {
    return RecordedOrder{order_of(row), row.integer(order_column_count)};
  });
}

Rows<RecordedEquity> Recording::equity(MarketId market, const std::string& strategy) const {
  auto statement = reading([&] {
    return implementation_->of_account("equity_point", "time, cash, position, price, equity", "time", market, strategy);
  });
  return rows_of<RecordedEquity>(std::move(statement), [](const Statement& row) {
    EquityPoint point;
    point.time.ns = row.integer(0);
    point.cash = exact<Money>(row, 1);
    point.position = exact<Amount>(row, 2);
    point.price = exact<Price>(row, 3);
    point.equity = exact<Money>(row, 4);
    return RecordedEquity{point, row.integer(5)};
  });
}

}  // namespace candled::store
