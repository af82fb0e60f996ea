#include "candled/store/exporter.hpp"

#include <fmt/format.h>

#include <cstring>

#include "candled/domain/candle.hpp"
#include "candled/domain/enum_names.hpp"
#include "candled/domain/fixed_point.hpp"
#include "candled/domain/trade.hpp"
#include "candled/domain/trading.hpp"
#include "candled/store/journal_writer.hpp"
#include "store/candle_row.hpp"
#include "store/csv_text.hpp"
#include "store/reading.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t rows_per_look = 20'000;

// What every row of an export shares.
struct Shared {
  std::string market;
  std::string interval;
  std::string strategy;
  std::size_t feature_count = 0;
};

void cell(CsvText& csv, const Statement& row, int column, int decimals) {
  if (row.is_null(column)) return csv.empty();
  csv.decimal(row.integer(column), decimals);
}

// The name of the enumerator that the column holds the number of.
template <NamedEnum Enum>
void name(CsvText& csv, const Statement& row, int column) {
  csv.text(to_text(from_number<Enum>(row.integer(column))));
}

void trade_row(const Statement& row, const Shared& shared, CsvText& csv) {
  csv.text(shared.market);
  csv.integer(row.integer(0));
  csv.time({row.integer(1)});
  csv.decimal(row.integer(2), Price::decimals);
  csv.decimal(row.integer(3), Quantity::decimals);
  name<Side>(csv, row, 4);
  name<TradeSource>(csv, row, 5);
  csv.integer(row.integer(6));
  csv.time({row.integer(7)});
  name<OrderType>(csv, row, 8);
}

void candle_row(const Statement& row, const Shared& shared, CsvText& csv) {
  csv.text(shared.market);
  csv.text(shared.interval);
  csv.time({row.integer(0)});
  const bool priced = row.integer(4) > 0;
  for (int column = 1; column <= 4; ++column) {
    if (priced) {
      csv.decimal(row.integer(column), Price::decimals);
    } else {
      csv.empty();
    }
  }
  csv.decimal(row.integer(5), Quantity::decimals);
  cell(csv, row, 6, Quantity::decimals);
  cell(csv, row, 7, 0);
  name<CandleState>(csv, row, 8);
  csv.integer(row.integer(9));
  for (int column = 10; column <= 12; ++column) cell(csv, row, column, 0);
  cell(csv, row, 13, Quantity::decimals);
  cell(csv, row, 14, Money::decimals);
  cell(csv, row, 15, 9);
}

void feature_row(const Statement& row, const Shared& shared, CsvText& csv) {
  csv.time({row.integer(0)});
  const std::string_view blob = row.blob(1);
  for (std::size_t i = 0; i < shared.feature_count; ++i) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (blob.size() >= (i + 1) * sizeof value) std::memcpy(&value, blob.data() + i * sizeof value, sizeof value);
    csv.real(value);
  }
}

void prediction_row(const Statement& row, const Shared& shared, CsvText& csv) {
  csv.text(shared.market);
  csv.time({row.integer(0)});
  csv.text(to_text(Duration{row.integer(1)}));
  csv.real(row.real(2));
  name<SignalKind>(csv, row, 3);
  csv.text(row.text(4));
  cell(csv, row, 5, 0);
  csv.integer(row.integer(6));
}

void fill_row(const Statement& row, const Shared& shared, CsvText& csv) {
  csv.text(shared.strategy);
  csv.text(shared.market);
  csv.integer(row.integer(0));
  csv.time({row.integer(1)});
  name<Side>(csv, row, 2);
  csv.decimal(row.integer(3), Quantity::decimals);
  csv.decimal(row.integer(4), Price::decimals);
  csv.decimal(row.integer(5), Money::decimals);
  name<FillReason>(csv, row, 6);
}

void equity_row(const Statement& row, const Shared& shared, CsvText& csv) {
  csv.text(shared.strategy);
  csv.text(shared.market);
  csv.time({row.integer(0)});
  csv.decimal(row.integer(1), Money::decimals);
  csv.decimal(row.integer(2), Quantity::decimals);
  csv.decimal(row.integer(3), Price::decimals);
  csv.decimal(row.integer(4), Money::decimals);
}

// Column 0 is the key that the next look goes on behind. Parameters: market, last key, from, to, and the strategy or the hash.
struct Source {
  std::string header;
  std::string sql;
  void (*append)(const Statement& row, const Shared& shared, CsvText& csv);
  bool by_strategy = false;
};

constexpr const char* within = " AND {0} >= ?3 AND {0} < ?4";

Source source_of(const ExportRequest& request) {
  auto select = [](std::string_view columns, std::string_view key, std::string_view time) {
    return fmt::format("SELECT {} AND {} > ?2{} ORDER BY {} LIMIT {}", columns, key,
                       fmt::format(fmt::runtime(within), time), key, rows_per_look);
  };
  switch (request.kind) {
    case ExportKind::trades:
      return {
          "market,trade_id,time,price,quantity,side,source,late,received,order_type",
          select(
              "trade_id, time, price, quantity, side, source, late, received, order_type FROM trade WHERE market = ?1",
              "trade_id", "time"),
          trade_row};
    case ExportKind::candles:
      return {
          "market,interval,open_time,open,high,low,close,volume,buy_volume,trades,state,revision,buy_trades,up_ticks,"
          "down_ticks,largest,"
          "turnover,longest_pause_s",
          select(fmt::format("{} FROM candle WHERE market = ?1", candle_columns), "open_time", "open_time"),
          candle_row};
    case ExportKind::features:
      return {fmt::format("open_time,{}", fmt::join(request.feature_names, ",")),
              select("open_time, row FROM feature WHERE market = ?1 AND hash = ?5", "open_time", "open_time"),
              feature_row};
    case ExportKind::predictions:
      return {
          "market,open_time,horizon,probability_up,signal,model,outcome,stale",
          select("p.open_time, p.horizon, p.probability_up, p.signal, p.model, "
                 "CASE WHEN c.state < 2 AND later.state < 2 THEN later.close > c.close END, p.stale FROM prediction p "
                 "LEFT JOIN candle c ON c.market = p.market AND c.open_time = p.open_time "
                 "LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon "
                 "WHERE p.market = ?1",
                 "p.open_time", "p.open_time"),
          prediction_row};
    case ExportKind::fills:
      return {"strategy,market,number,time,side,quantity,price,fee,reason",
              select("number, time, side, quantity, price, fee, reason FROM fill WHERE market = ?1 AND strategy = ?5",
                     "number", "time"),
              fill_row, true};
    case ExportKind::equity:
      return {"strategy,market,time,cash,position,price,equity",
              select("time, cash, position, price, equity FROM equity_point WHERE market = ?1 AND strategy = ?5",
                     "time", "time"),
              equity_row, true};
  }
  invariant_failed("unknown kind of export");
}

}  // namespace

class Exporter::Implementation {
 public:
  explicit Implementation(const std::filesystem::path& path) : connection(open_for_reading(path)) {}

  struct Strategy {
    std::int64_t id = 0;
    std::string name;
  };
  std::vector<Strategy> strategies() {
    std::vector<Strategy> all;
    Statement rows(connection, "SELECT id, name FROM strategy ORDER BY id");
    while (rows.next()) all.push_back({rows.integer(0), std::string(rows.text(1))});
    return all;
  }

  // False when the sink has enough.
  bool stream(const ExportRequest& request, const Source& source, const Shared& shared, std::int64_t market,
              std::int64_t strategy, const std::function<bool(std::string_view)>& sink, std::int64_t& rows) {
    Statement look(connection, source.sql);
    std::int64_t last_key = INT64_MIN;
    for (;;) {
      std::int64_t count = 0;
      const std::int64_t from = request.from.value_or(Timestamp{INT64_MIN}).ns,
                         to = request.to.value_or(Timestamp{INT64_MAX}).ns;
      if (request.kind == ExportKind::features) {
        look.bind(market, last_key, from, to, request.feature_hash);
      } else if (source.by_strategy) {
        look.bind(market, last_key, from, to, strategy);
      } else {
        look.bind(market, last_key, from, to);
      }
      csv.clear();
      while (look.next()) {
        csv.begin_row();
        source.append(look, shared, csv);
        csv.end_row();
        last_key = look.integer(0);
        ++count;
      }
      rows += count;
      if (!csv.lines().empty() && !sink(csv.lines())) return false;
      if (count < rows_per_look) return true;
    }
  }

  Connection connection;
  CsvText csv;
};

Exporter::Exporter(const std::filesystem::path& path) {
  try {
    implementation_ = std::make_unique<Implementation>(path);
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}
Exporter::~Exporter() = default;
Exporter::Exporter(Exporter&&) noexcept = default;

Result<std::int64_t> Exporter::run(const ExportRequest& request, const std::function<bool(std::string_view)>& sink) {
  Implementation& self = *implementation_;
  try {
    Statement find(self.connection, "SELECT id, interval_ns FROM market WHERE name = ?");
    find.bind(request.market);
    std::optional<std::int64_t> market;
    Shared shared{request.market, {}, {}, request.feature_names.size()};
    while (find.next()) {
      market = find.integer(0);
      shared.interval = to_text(Duration{find.integer(1)});
    }
    if (!market) return refuse(fmt::format("{} holds nothing of {}", self.connection.path(), request.market));
    const Source source = source_of(request);
    std::int64_t rows = 0;
    if (!sink(source.header + "\n")) return rows;
    if (!source.by_strategy) {
      self.stream(request, source, shared, *market, 0, sink, rows);
      return rows;
    }
    for (const Implementation::Strategy& strategy : self.strategies()) {
      shared.strategy = strategy.name;
      if (!self.stream(request, source, shared, *market, strategy.id, sink, rows)) break;
    }
    return rows;
  } catch (const SqliteError& error) {
    return retry(error.what());
  }
}

}  // namespace candled::store
