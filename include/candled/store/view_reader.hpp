// ViewReader: the newest rows of the views for people, fast on a large file.
//
// The plural views compute their texts row by row, so sorting one reads all of it. This reads the base tables along
// their primary keys instead and gives the same columns, with exact decimals and times to the nanosecond.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

enum class View { trades, candles, predictions, fills, equity, models, gaps };

constexpr std::int64_t view_limit_max = 5'000;

struct ViewFilter {
  std::string market;        // "kraken:BTC/USD"; empty: all in the file. Models belong to no market.
  std::string strategy;      // its name; empty: all. Only fills and equity have one.
  std::int64_t limit = 100;  // 1 to view_limit_max
};

struct Cell {
  enum class Kind : std::uint8_t {
    null,
    number,  // a decimal number, as JSON writes it
    text,    // anything; UTF-8 as far as the writer kept to it
    json,    // a valid JSON value
  };
  Kind kind = Kind::null;
  std::string text;  // empty for null
};

struct ViewRows {
  std::vector<std::string_view> columns;  // static texts
  std::vector<Cell> cells;                // row-major, newest row first

  std::size_t count() const { return columns.empty() ? 0 : cells.size() / columns.size(); }
};

struct MarketSummary {
  std::string market;
  Duration interval;
  std::optional<std::int64_t> first_trade_id, last_trade_id;
  std::optional<Timestamp> last_trade_time;
  std::optional<Timestamp> first_candle, last_candle;  // open times; counting the candles between would read them all
  std::int64_t fills = 0;
  std::int64_t open_gaps = 0;
};

struct JournalSummary {
  std::vector<MarketSummary> markets;
  std::optional<std::string> champion;
  std::int64_t models = 0;
};

struct LastCommit {
  std::int64_t sequence = 0;         // of the last committed head event
  std::optional<Timestamp> written;  // when the file system saw the last write to the file or its write-ahead log
};

// One read-only connection: use it from one thread at a time. Errors: refuse (a limit out of range), retry (took too
// long, locked), fatal (cannot be read).
class ViewReader {
 public:
  // keep_going is asked every fraction of a millisecond while a query runs; false ends the query with an error.
  // Throws StoreError: no such file, or not ours.
  ViewReader(const std::filesystem::path& path, std::function<bool()> keep_going);
  ~ViewReader();
  ViewReader(ViewReader&&) noexcept;

  Result<ViewRows> rows(View view, const ViewFilter& filter);
  Result<JournalSummary> summary();
  Result<LastCommit> last_commit();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
