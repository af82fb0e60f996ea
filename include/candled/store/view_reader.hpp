// ViewReader: committed data for people and for the page: rows of the views, series, accounts, what is new. Fast on a
// large file.
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

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

enum class View { trades, candles, predictions, fills, equity, models, gaps };

constexpr std::int64_t view_limit_max = 5'000;

struct ViewFilter {
  std::string market;        // "kraken:BTC/USD"; empty: all in the file. Models belong to no market.
  std::string strategy;      // its name; empty: all. Only fills and equity have one.
  std::int64_t limit = 100;  // 1 to view_limit_max
  // By the time that orders the view: from <= time < to. Gaps by their detection, models by their creation.
  std::optional<Timestamp> from = {}, to = {};
  std::string cursor = {};  // ViewRows::next of the page before; empty: the newest rows
};

struct Cell {
  enum class Kind : std::uint8_t {
    null,
    number,  // a decimal number, as JSON writes it
    text,    // any text; UTF-8 if the writer wrote UTF-8
    json,    // a valid JSON value
  };
  Kind kind = Kind::null;
  std::string text;  // empty for null
};

struct ViewRows {
  std::vector<std::string_view> columns;  // static texts
  std::vector<Cell> cells;                // row-major, newest row first
  std::string next = {};                  // cursor to the older rows; empty: there are none

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
  std::optional<Timestamp> champion_created;
  std::int64_t models = 0;
  bool paused = false;  // paper trading opens no position
};

struct LastCommit {
  std::int64_t sequence = 0;         // of the last committed head event
  std::optional<Timestamp> written;  // when the file system saw the last write to the file or its write-ahead log
};

// Stretches of one market in steps of `step`, newest first; a step without a row is left out.
struct SeriesFilter {
  std::string market;
  Duration step;             // a multiple of the market's interval
  std::int64_t limit = 500;  // steps, 1 to view_limit_max
  std::optional<Timestamp> from = {}, to = {};
  std::string cursor = {};
};

// Values of some features at the end of each step (that of its newest candle).
struct IndicatorSeries {
  std::vector<Timestamp> open_times;  // start of the step, newest first
  std::vector<double> values;         // row-major, one for each name; NaN: not warm, not known, not in that row's list
  std::string next;
};

// One strategy's account in one market, folded over all its committed equity points and fills.
struct AccountSummary {
  std::string strategy, kind, market;
  Timestamp first_time, last_time;
  Money first_equity, cash, equity;
  Amount position;
  Price first_price, price;
  double equity_peak = 0;                 // in units of Money
  double drawdown = 0, drawdown_max = 0;  // fractions of the peak, 0 to 1
  std::int64_t fills = 0;
  Money fees;
  std::int64_t strategy_id = 0, market_id = 0;  // of the rows
  bool complete = false;                        // all that is committed is in it
};

// Predictions whose outcome is known, the newest ones of one market.
struct PredictionScore {
  std::string market;
  std::int64_t count = 0, hits = 0;  // hit: probability_up on the side of one half that came true
  double brier = 0;                  // mean squared error of probability_up; 0 when count is
};

// What has been committed after a place in the stream, in the order of the stream.
struct StreamEvent {
  enum class Type : std::uint8_t { candle, prediction, fill, equity, gap, model };
  Type type{};
  std::int64_t sequence = 0;  // of the head event
  std::int64_t number = 0;    // counts the events of one sequence from 1
  ViewRows row;               // one, with the columns of its view
};
struct TradeSummary {
  std::string market;
  std::int64_t count = 0;  // trades of this stretch
  std::int64_t last_trade_id = 0;
  Timestamp last_time;
  Price last_price, high, low;
  Volume volume, buy_volume;
};
struct StreamBatch {
  std::vector<StreamEvent> events;
  std::vector<TradeSummary> trades;  // one for each market that traded
  std::int64_t sequence = 0;         // everything up to here is in it
  Timestamp last_filled;             // when a sequence gap was last filled; 0: never
  bool cut = false;                  // there was more than the batch may hold; the older part was left out
};

// One read-only connection: use it from one thread at a time. Errors: refuse (a limit or cursor that is wrong), retry
// (took too long, locked), fatal (cannot be read).
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

  // Candles of `step`, aggregated from the stored ones: columns of the candles view, and candles, quiet_candles, gap_candles
  // (the number of stored ones of each kind). The state is gap if one of them is, quiet if all are. May give fewer than
  // the limit and a cursor, because it reads a bounded number of stored ones.
  Result<ViewRows> candles(const SeriesFilter& filter);
  // Names are looked up in the feature list of each row.
  Result<IndicatorSeries> indicators(const SeriesFilter& filter, const std::vector<std::string>& names);
  // The names of the newest feature row of a market; empty before the first.
  Result<std::vector<std::string>> indicator_names(const std::string& market);
  // The newest point of each step of one account.
  Result<ViewRows> equity(const SeriesFilter& filter, const std::string& strategy);

  // Folds what was committed since the last call, at most so many rows, and gives all accounts.
  Result<std::vector<AccountSummary>> accounts(std::int64_t rows_max);
  Result<std::vector<PredictionScore>> scores(std::int64_t predictions_max);

  // Rises with each commit of the writer; cheap enough to call many times a second.
  Result<std::int64_t> data_version();
  // Also the sequence gaps that were filled after `filled_behind`, unless that is 0.
  Result<StreamBatch> events_behind(std::int64_t sequence, Timestamp filled_behind, std::int64_t events_max);

  // Bytes of the file and of its write-ahead log.
  struct FileSizes {
    std::int64_t database = 0, write_ahead_log = 0;
  };
  FileSizes file_sizes() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
