#include "candled/store/row_reader.hpp"

#include <cstring>

#include "candled/store/journal_writer.hpp"
#include "store/book_row.hpp"
#include "store/candle_row.hpp"
#include "store/names.hpp"
#include "store/reading.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace candled::store {
namespace {

// candle_columns are 16; what is read behind them.
constexpr int sequence_column = 16, hash_column = 17, row_column = 18, row_sequence_column = 19;

CandleWithRow row_of(const Statement& s) {
  CandleWithRow made{candle_of(s), {}, s.integer(sequence_column), {}, {}, 0};
  if (s.is_null(hash_column)) return made;
  made.hash = s.text(hash_column);
  made.row_sequence = s.integer(row_sequence_column);
  const std::string_view bytes = s.blob(row_column);
  made.features.resize(bytes.size() / sizeof(double));
  if (!made.features.empty()) std::memcpy(made.features.data(), bytes.data(), made.features.size() * sizeof(double));
  return made;
}

// SELECT's own list, each column of the candle being named after its table.
std::string columns_of(const char* table) {
  std::string columns = std::string(table) + '.';
  for (const char* c = candle_columns; *c != '\0'; ++c) {
    columns += *c;
    if (*c == ' ') columns += std::string(table) + '.';
  }
  return columns;
}

// Facts that came too late for their candle are none.
void add_books(const Connection& connection, std::int64_t market, std::vector<CandleWithRow>& rows) {
  if (rows.empty()) return;
  Statement s(
      connection,
      std::string("SELECT ") + book_columns +
          " FROM book_fact WHERE market = ? AND open_time >= ? AND open_time <= ? AND NOT late ORDER BY open_time");
  s.bind(market, rows.front().candle.open_time.ns, rows.back().candle.open_time.ns);
  auto row = rows.begin();
  while (s.next()) {
    const BookFacts facts = book_of(s);
    while (row != rows.end() && row->candle.open_time < facts.open_time) ++row;
    if (row != rows.end() && row->candle.open_time == facts.open_time) row->book = facts;
  }
}

}  // namespace

class RowReader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, const Market& market)
      : connection(open_for_reading(path)), id(find_markets(connection, {market}).front()) {}

  Connection connection;
  std::int64_t id;
  std::int64_t after_ns = INT64_MIN;
};

RowReader::RowReader(const std::filesystem::path& path, const Market& market) {
  try {
    implementation_ = std::make_unique<Implementation>(path, market);
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

RowReader::~RowReader() = default;

std::int64_t RowReader::candle_count() const {
  try {
    Statement s(implementation_->connection, "SELECT count(*) FROM candle WHERE market = ?");
    s.bind(implementation_->id);
    std::int64_t count = 0;
    while (s.next()) count = s.integer(0);
    return count;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

std::vector<CandleWithRow> RowReader::next(std::size_t count_max) {
  try {
    std::vector<CandleWithRow> rows;
    Statement s(implementation_->connection,
                "SELECT " + columns_of("c") +
                    ", c.sequence, f.hash, f.row, f.sequence FROM candle c "
                    "LEFT JOIN feature f ON f.market = c.market AND f.open_time = c.open_time "
                    "WHERE c.market = ? AND c.open_time > ? ORDER BY c.open_time LIMIT ?");
    s.bind(implementation_->id, implementation_->after_ns, static_cast<std::int64_t>(count_max));
    while (s.next()) rows.push_back(row_of(s));
    add_books(implementation_->connection, implementation_->id, rows);
    if (!rows.empty()) implementation_->after_ns = rows.back().candle.open_time.ns;
    return rows;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

std::optional<Timestamp> RowReader::features_due() const {
  try {
    Statement s(implementation_->connection, "SELECT from_time FROM feature_due WHERE market = ?");
    s.bind(implementation_->id);
    std::optional<Timestamp> from;
    while (s.next()) from = Timestamp{s.integer(0)};
    return from;
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}

void RowReader::begin_again() { implementation_->after_ns = INT64_MIN; }

}  // namespace candled::store
