// The indicators and the feature set against values computed by TA-Lib and, for what TA-Lib does not have, by
// definition.

#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "candled/features/catalogue.hpp"
#include "candled/features/feature_set.hpp"
#include "candled/features/indicators/directional_movement.hpp"
#include "features/series.hpp"

namespace candled::features {
namespace {

using namespace testing;

// The absolute part of the tolerance, as golden/columns.csv recommends it; 1e-9 relative comes on top.
double absolute_tolerance(const std::string& column) {
  static const std::map<std::string, double> by_prefix = {
      {"macd", 1e-8},  {"linreg", 1e-8}, {"ad", 1e-9},     {"aroon", 1e-9},  {"ultosc", 1e-9}, {"cmo", 1e-9},
      {"trix", 1e-11}, {"ppo", 1e-11},   {"wma", 0},       {"dema", 0},      {"tema", 0},      {"kama", 0},
      {"sar", 0},      {"kc", 0},        {"atr", 1e-8},    {"trange", 1e-8}, {"mom", 1e-8},    {"stddev", 1e-8},
      {"cci", 1e-6},   {"natr", 1e-11},  {"roc", 1e-11},   {"rsi", 1e-9},    {"stoch", 1e-9},  {"willr", 1e-9},
      {"mfi", 1e-9},   {"adx", 1e-9},    {"plus", 1e-9},   {"minus", 1e-9},  {"obv", 1e-9},    {"sma", 0},
      {"ema", 0},      {"bb_upper", 0},  {"bb_middle", 0}, {"bb_lower", 0},  {"vwap", 0},      {"donchian", 0}};
  for (const auto& [prefix, tolerance] : by_prefix) {
    if (column.starts_with(prefix)) return tolerance;
  }
  return 1e-12;  // ratios and returns of extra.csv
}

// Compares every column of the table that `values` has, row by row; says how many cells agreed.
class GoldenCheck {
 public:
  void row(const Table& table, std::size_t row_index, std::size_t candle_index,
           const std::map<std::string, double>& values) {
    for (std::size_t column = 0; column < table.header.size(); ++column) {
      const auto found = values.find(table.header[column]);
      if (found == values.end()) continue;
      seen_.insert(found->first);
      const std::string& expected = table.rows[row_index].at(column);
      if (!agrees(found->first, expected, found->second) && ++wrong_ <= 10) {
        UNSCOPED_INFO(found->first << " at row " << candle_index << ": expected "
                                   << (expected.empty() ? "nothing" : expected) << ", got " << found->second);
      }
      ++cells_;
    }
  }
  std::size_t wrong() const { return wrong_; }
  std::size_t cells() const { return cells_; }
  std::size_t columns() const { return seen_.size(); }

 private:
  static bool agrees(const std::string& column, const std::string& expected, double value) {
    if (expected.empty()) return std::isnan(value);
    const double reference = std::stod(expected);
    return std::abs(value - reference) <= 1e-9 * std::abs(reference) + absolute_tolerance(column);
  }

  std::size_t wrong_ = 0, cells_ = 0;
  std::set<std::string> seen_;
};

// Features that carry the name of a golden column are that column.
std::map<std::string, double> named_row(const FeatureSet& features, std::span<const double> row) {
  std::map<std::string, double> values;
  for (std::size_t i = 0; i < row.size(); ++i) values[features.list()[i].name] = row[i];
  return values;
}

std::string shared_golden(const std::string& file) {
  return std::string(CANDLED_SOURCE_DIR) + "/../shared/golden/" + file;
}
std::string own_golden(const std::string& file) {
  return std::string(CANDLED_SOURCE_DIR) + "/tests/features/golden/" + file;
}

// Feeds the candles and checks, at the rows that each table has, every column of a raw indicator or a feature.
struct Compared {
  GoldenCheck raw, model;
};
Compared compare(const Table& candles, const std::vector<const Table*>& tables) {
  FeatureSet indicators(Duration::minutes(1), raw_indicators()), features(Duration::minutes(1));
  Compared compared;
  std::vector<std::size_t> next(tables.size(), 0);
  std::size_t index = 0;
  for (const Candle& candle : candles_of(candles)) {
    const std::map<std::string, double> raw = named_row(indicators, indicators.update(candle));
    const std::map<std::string, double> model = named_row(features, features.update(candle));
    for (std::size_t t = 0; t < tables.size(); ++t) {
      const Table& table = *tables[t];
      const bool numbered = table.header.front() == "row";
      if (numbered && (next[t] == table.rows.size() || std::stoul(table.rows[next[t]].front()) != index)) continue;
      compared.raw.row(table, next[t], index, raw);
      compared.model.row(table, next[t], index, model);
      ++next[t];
    }
    ++index;
  }
  for (std::size_t t = 0; t < tables.size(); ++t) CHECK(next[t] == tables[t]->rows.size());
  return compared;
}

constexpr std::size_t talib_columns = 48, extra_columns = 21;

TEST_CASE("indicators and features equal the committed golden slice") {
  const std::optional<Table> candles = read_table(own_golden("ohlcv.csv"));
  const std::optional<Table> expected = read_table(own_golden("expected.csv"));
  REQUIRE(candles);
  REQUIRE(expected);
  const Compared compared = compare(*candles, {&*expected});
  CHECK(compared.raw.wrong() == 0);
  CHECK(compared.raw.columns() == expected->header.size() - 1);
  CHECK(compared.raw.columns() == talib_columns + extra_columns);
  CHECK(compared.model.wrong() == 0);
  CHECK(compared.model.columns() >= 25);
}

TEST_CASE("indicators and features equal all 3000 golden rows") {
  const std::optional<Table> candles = read_table(shared_golden("ohlcv.csv"));
  const std::optional<Table> talib = read_table(shared_golden("talib_exact.csv"));
  const std::optional<Table> extra = read_table(shared_golden("extra.csv"));
  if (!candles || !talib || !extra) {
    WARN("skipped: ../shared/golden is not here");
    return;
  }
  const Compared compared = compare(*candles, {&*talib, &*extra});
  CHECK(compared.raw.wrong() == 0);
  CHECK(compared.raw.columns() == talib_columns + extra_columns);
  CHECK(compared.raw.cells() == 3000 * (talib_columns + extra_columns));
  CHECK(compared.model.wrong() == 0);
  CHECK(compared.model.columns() >= 25);
}

// Columns in price, 1e-6 here, need a tolerance of their own size: 1e-9 of the cell or of the column's usual value.
TEST_CASE("a coin at a millionth has the indicators of TA-Lib 0.8.1, to the digits of a dear one") {
  const std::optional<Table> candles = read_table(own_golden("cheap_ohlcv.csv"));
  const std::optional<Table> expected = read_table(own_golden("cheap_coin.csv"));
  REQUIRE(candles);
  REQUIRE(expected);
  REQUIRE(expected->header.size() == talib_columns);
  FeatureSet indicators(Duration::minutes(1), expected->header);
  std::vector<std::vector<double>> ours;
  for (const Candle& candle : candles_of(*candles)) {
    const std::span<const double> row = indicators.update(candle);
    ours.emplace_back(row.begin(), row.end());
  }
  REQUIRE(ours.size() == expected->rows.size());
  for (std::size_t column = 0; column < talib_columns; ++column) {
    double sum = 0, known_cells = 0;
    for (const Row& row : expected->rows) {
      if (row[column].empty()) continue;
      sum += std::abs(std::stod(row[column]));
      known_cells += 1;
    }
    REQUIRE(known_cells > 50);
    const double usual = sum / known_cells;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const std::string& cell = expected->rows[i][column];
      INFO(expected->header[column] << " at row " << i << ": expected " << cell << ", got " << ours[i][column]);
      if (cell.empty()) {
        CHECK(std::isnan(ours[i][column]));
      } else {
        const double wanted = std::stod(cell);
        CHECK(std::abs(ours[i][column] - wanted) <= 1e-9 * std::max(std::abs(wanted), usual));
      }
    }
  }
}

TEST_CASE("equal moves up and down are no directional movement") {
  const auto bar = [](double high, double low) {
    Bar made;
    made.high = high;
    made.low = low;
    made.close = (high + low) / 2;
    return made;
  };
  DirectionalMovement movement(2);
  movement.update(bar(102, 98));
  movement.update(bar(105, 95));  // 3 up, 3 down: a tie
  movement.update(bar(108, 95));  // 3 up: true range 13
  CHECK(movement.minus_di() == 0);
  CHECK(movement.plus_di() == Approx(100 * 3.0 / (10 - 10.0 / 2 + 13)));
}

}  // namespace
}  // namespace candled::features
