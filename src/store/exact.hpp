// Exact numbers in a column: the only place that knows how a price, a quantity, a sum or money is written.
//
// An INTEGER counts 1e-10 (prices) or 1e-8 (all else), as it always did; a number that this does not hold (larger, or finer) is a BLOB of its
// decimal text, which a column of integers leaves as it is. Neither is added up or compared in SQL as it stands: SQLite puts every blob
// behind every integer. `CASE WHEN close > 0` holds for both.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/fixed_point.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

// For Statement::bind.
template <class Number>
ExactCell exact_cell(const Number& number) {
  if (const std::optional<std::int64_t> units = number.usual_units()) return {units, {}};
  return {std::nullopt, number.to_text()};
}
template <class Number>
ExactCell exact_cell(const std::optional<Number>& number) {
  return number ? exact_cell(*number) : ExactCell{};
}

[[noreturn]] inline void no_such_number(std::string_view what) {
  throw SqliteError(SQLITE_CORRUPT, fmt::format("a stored number is damaged: '{}'", what.substr(0, 64)));
}

template <class Tag, int Usual>
void take_units(std::int64_t units, Decimal<Tag, Usual>& number) {
  if (units < 0) no_such_number(std::to_string(units));
  number = Decimal<Tag, Usual>::from_units(units);
}
template <class Tag, int Decimals, int Usual>
void take_units(std::int64_t units, WideDecimal<Tag, Decimals, Usual>& number) {
  number = WideDecimal<Tag, Decimals, Usual>::from_usual_units(units);
}

// Of a row; NULL reads as 0. Throws SqliteError where there is no such number.
template <class Number>
Number exact(const Statement& row, int column) {
  Number number;
  if (!row.is_blob(column)) {
    take_units(row.integer(column), number);
    return number;
  }
  const Result<Number> read = Number::parse(row.blob(column));
  if (!read) no_such_number(row.blob(column));
  return *read;
}

// The decimal text of either form; `decimals` are those of the integers.
inline std::string exact_text(const Statement& row, int column, int decimals) {
  if (!row.is_blob(column)) return decimal_text(row.integer(column), decimals);
  const Result<Volume> read = Volume::parse(row.blob(column));
  if (read) return read->to_text();
  // Beyond what a sum of quantities holds: money.
  const Result<Money> money = Money::parse(row.blob(column));
  if (!money) no_such_number(row.blob(column));
  return money->to_text();
}

// sum += part; throws SqliteError where that does not fit, which no market's numbers come to.
template <class Number>
void add_exact(Number& sum, Number part) {
  const std::optional<Number> more = checked_add(sum, part);
  if (!more) throw SqliteError(SQLITE_CORRUPT, "stored numbers add up to more than can be");
  sum = *more;
}

// SQL: the number as a REAL. The scale is "1e10" or "1e8".
inline std::string real_sql(std::string_view value, std::string_view scale) {
  return fmt::format("CASE typeof({0}) WHEN 'blob' THEN CAST(CAST({0} AS TEXT) AS REAL) ELSE {0} / {1} END", value,
                     scale);
}

// SQL over `later` and `c`, two rows of candle: whether the later close is higher; NULL where either is unknown. Integers compare as such.
constexpr std::string_view outcome_sql =
    "CASE WHEN c.state < 2 AND later.state < 2 THEN CASE WHEN typeof(later.close) = 'integer' AND typeof(c.close) = "
    "'integer' THEN later.close > c.close ELSE "
    "CASE typeof(later.close) WHEN 'blob' THEN CAST(CAST(later.close AS TEXT) AS REAL) ELSE later.close / 1e10 END > "
    "CASE typeof(c.close) WHEN 'blob' THEN CAST(CAST(c.close AS TEXT) AS REAL) ELSE c.close / 1e10 END END END";

}  // namespace candled::store
