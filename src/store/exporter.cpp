#include "candled/store/exporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "candled/domain/fixed_point.hpp"
#include "candled/store/journal_writer.hpp"
#include "store/csv_text.hpp"
#include "store/exact.hpp"
#include "store/reading.hpp"
#include "store/sqlite.hpp"
#include "store/view_definitions.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t rows_per_look = 20'000;

void append_exact(CsvText& csv, const Statement& row, int at, int decimals) {
  if (row.is_blob(at)) return csv.text(exact_text(row, at, decimals));
  csv.decimal(row.integer(at), decimals);
}

void append(CsvText& csv, const Statement& row, int at, const ViewColumn& column) {
  if (row.is_null(at)) return csv.empty();
  switch (column.kind) {
    case ColumnKind::text:
    case ColumnKind::json: return csv.text(row.text(at));
    case ColumnKind::integer: return csv.integer(row.integer(at));
    case ColumnKind::real: return csv.real(row.real(at));
    case ColumnKind::price: return append_exact(csv, row, at, Price::decimals);
    case ColumnKind::amount: return append_exact(csv, row, at, Quantity::decimals);
    case ColumnKind::instant:
    case ColumnKind::second: return csv.time({row.integer(at)});
    case ColumnKind::duration: return csv.text(to_text(Duration{row.integer(at)}));
    case ColumnKind::seconds: return csv.decimal(row.integer(at), 9);
    case ColumnKind::name: {
      const auto last = static_cast<std::int64_t>(column.names.size()) - 1;
      return csv.text(column.names[static_cast<std::size_t>(std::clamp<std::int64_t>(row.integer(at), 0, last))]);
    }
  }
  invariant_failed("no such kind of column");
}

// Behind the columns of a row stands the key that the next look goes on behind.
struct Source {
  std::vector<ViewColumn> columns;
  std::string sql;  // parameters: market, last key, from, to, and the strategy or the hash
  bool by_strategy = false;
};

struct Layout {
  View view;
  std::string_view from;
  std::string_view key, time;
  bool by_strategy = false;
};
// The one row of the market (and strategy) stands in front, so that the key of the table orders the rows.
constexpr Layout trades{View::trades, "FROM market m CROSS JOIN trade t ON t.market = m.id", "t.trade_id", "t.time"};
constexpr Layout candles{View::candles, "FROM market m CROSS JOIN candle c ON c.market = m.id", "c.open_time",
                         "c.open_time"};
constexpr Layout predictions{
    View::predictions,
    "FROM market m CROSS JOIN prediction p ON p.market = m.id "
    "LEFT JOIN candle c ON c.market = p.market AND c.open_time = p.open_time "
    "LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon",
    "p.open_time", "p.open_time"};
constexpr Layout fills{View::fills,
                       "FROM strategy s CROSS JOIN market m CROSS JOIN fill f ON f.strategy = s.id AND f.market = m.id",
                       "f.number", "f.time", true};
constexpr Layout equity{
    View::equity,
    "FROM strategy s CROSS JOIN market m CROSS JOIN equity_point e ON e.strategy = s.id AND e.market = m.id", "e.time",
    "e.time", true};

Source source_of(const Layout& layout) {
  std::vector<ViewColumn> columns = columns_of(definition_of(layout.view), in_csv);
  std::string sql = fmt::format(
      "SELECT {0}, {1} {2} WHERE m.id = ?1 AND {1} > ?2 AND {3} >= ?3 AND {3} < ?4{4} ORDER BY {1} LIMIT {5}",
      select_list(columns, in_csv), layout.key, layout.from, layout.time, layout.by_strategy ? " AND s.id = ?5" : "",
      rows_per_look);
  return {std::move(columns), std::move(sql), layout.by_strategy};
}

// One column for each feature of the list; the row is one blob.
Source features_of(const ExportRequest& request) {
  Source source{{{"open_time", "open_time", ColumnKind::instant}}, {}, false};
  source.sql = fmt::format(
      "SELECT open_time, open_time, row FROM feature WHERE market = ?1 AND open_time > ?2 AND open_time >= ?3 AND "
      "open_time < ?4 "
      "AND hash = ?5 ORDER BY open_time LIMIT {}",
      rows_per_look);
  for (const std::string& name : request.feature_names) source.columns.push_back({name, {}, ColumnKind::real});
  return source;
}

void append_features(CsvText& csv, std::string_view blob, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (blob.size() >= (i + 1) * sizeof value) std::memcpy(&value, blob.data() + i * sizeof value, sizeof value);
    csv.real(value);
  }
}

Source source_of(const ExportRequest& request) {
  switch (request.kind) {
    case ExportKind::trades: return source_of(trades);
    case ExportKind::candles: return source_of(candles);
    case ExportKind::features: return features_of(request);
    case ExportKind::predictions: return source_of(predictions);
    case ExportKind::fills: return source_of(fills);
    case ExportKind::equity: return source_of(equity);
  }
  invariant_failed("unknown kind of export");
}

std::string header_of(const Source& source) {
  std::string header;
  for (const ViewColumn& column : source.columns) header.append(header.empty() ? "" : ",").append(column.name);
  return header + "\n";
}

}  // namespace

class Exporter::Implementation {
 public:
  explicit Implementation(const std::filesystem::path& path) : connection(open_for_reading(path)) {}

  std::optional<std::int64_t> market_id(const std::string& name) {
    std::optional<std::int64_t> id;
    Statement find(connection, "SELECT id FROM market WHERE name = ?");
    find.bind(name);
    while (find.next()) id = find.integer(0);
    return id;
  }
  std::vector<std::int64_t> strategy_ids() {
    std::vector<std::int64_t> ids;
    Statement rows(connection, "SELECT id FROM strategy ORDER BY id");
    while (rows.next()) ids.push_back(rows.integer(0));
    return ids;
  }

  // False when the sink has enough.
  bool stream(const ExportRequest& request, const Source& source, std::int64_t market, std::int64_t strategy,
              const std::function<bool(std::string_view)>& sink, std::int64_t& rows) {
    Statement look(connection, source.sql);
    const bool of_features = request.kind == ExportKind::features;
    const auto width = of_features ? 1 : static_cast<int>(source.columns.size());
    std::int64_t last_key = INT64_MIN;
    for (;;) {
      std::int64_t count = 0;
      const std::int64_t from = request.from.value_or(Timestamp{INT64_MIN}).ns,
                         to = request.to.value_or(Timestamp{INT64_MAX}).ns;
      if (of_features) {
        look.bind(market, last_key, from, to, request.feature_hash);
      } else if (source.by_strategy) {
        look.bind(market, last_key, from, to, strategy);
      } else {
        look.bind(market, last_key, from, to);
      }
      csv.clear();
      while (look.next()) {
        csv.begin_row();
        for (int i = 0; i < width; ++i) append(csv, look, i, source.columns[static_cast<std::size_t>(i)]);
        if (of_features) append_features(csv, look.blob(width + 1), request.feature_names.size());
        csv.end_row();
        last_key = look.integer(width);
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
    const std::optional<std::int64_t> market = self.market_id(request.market);
    if (!market) return refuse(fmt::format("{} holds nothing of {}", self.connection.path(), request.market));
    const Source source = source_of(request);
    std::int64_t rows = 0;
    if (!sink(header_of(source))) return rows;
    for (const std::int64_t strategy : source.by_strategy ? self.strategy_ids() : std::vector<std::int64_t>{0}) {
      if (!self.stream(request, source, *market, strategy, sink, rows)) break;
    }
    return rows;
  } catch (const SqliteError& error) {
    return retry(error.what());
  }
}

}  // namespace candled::store
