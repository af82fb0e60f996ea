// Import: trades and candles from files: formats recognised, rows checked, repetitions removed, sorted.
//
// Everything is read and checked before the first row can be taken: rows that cannot be right are refused one by one, and if
// there are too many, nothing is imported. Rows wait in memory, or beyond a bound in an unlinked file beside the database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/made_id.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"
#include "candled/files/market_survey.hpp"

namespace candled::files {

enum class TradeIds : std::uint8_t {
  own,        // contiguous ids of single trades
  aggregate,  // contiguous ids of Binance's aggregate trades
  made,  // the file has none: negative, made from the time; what is the same trade, its content tells (domain/trade_content.hpp)
};

// Trades without ids stand apart as their times do: this difference of two made ids is this duration, but for trades of one microsecond.
Duration between_made_ids(std::int64_t earlier, std::int64_t later);

// Without a trade for longer, a file that proves nothing by its ids is not believed to be quiet.
constexpr Duration believable_pause_max = Duration::hours(1);

struct ImportSettings {
  std::vector<std::filesystem::path> paths;  // files, folders, "-" for standard input
  std::vector<Member> only;  // sorted: what is read of them, because it was found to be of this market; empty: all
  Market market;
  std::optional<Duration> candle_interval;  // of files that do not say
  std::optional<Timestamp> day;             // the same, where rows tell the time of day only
  Timestamp now;  // wall clock; rows of more than a minute later are refused, and candles that end later
  double rejected_percent_max = 1;
  std::filesystem::path spill_folder;  // where rows wait that do not fit into memory
  std::size_t rows_in_memory_max = 500'000;
};

struct RejectedRow {
  std::string file;
  std::int64_t line = 0;
  std::string why;     // one of a few
  std::string detail;  // what belongs to this row alone; often empty
  std::string text;    // cut to 200 bytes, unprintable bytes as '?'
};

struct FormatCount {
  std::string format;
  std::int64_t files = 0, rows = 0;
};

// Of trades whose ids are contiguous: what else came without an id from a time in it is one of these again.
struct NumberedRun {
  Timestamp from, to;  // both included
};

// A file whose format tells that its trade ids are of another exchange than the market's: "binance".
struct ForeignIds {
  std::string file, exchange;
};

struct ImportSummary {
  std::vector<FormatCount> formats;  // in the order of their first files
  std::int64_t files = 0;
  std::int64_t passed_over =
      0;  // files of folders and archives that hold no rows: a licence, a checksum, quotes; and these:
  std::int64_t of_other_markets = 0;  // named after another pair, or after candles that do not fit into the market's
  std::int64_t rows = 0;              // of data, the rejected ones included
  std::int64_t rejected = 0;
  std::int64_t repeated = 0;              // stood twice
  std::int64_t conflicting = 0;           // the same id or time with other content: the first one counts
  std::int64_t void_rows = 0;             // declared invalid by their exchange
  std::optional<TradeIds> trade_ids;      // absent: no trades
  std::optional<ForeignIds> foreign_ids;  // the first one
  std::int64_t trades = 0;                // to be handed out
  std::vector<Timestamp>
      refused_trades;  // rising: where trades without ids may be missing, because their rows were refused
  std::int64_t rows_of_other_markets = 0;  // of tables that hold several; neither taken nor refused
  std::vector<NumberedRun>
      numbered_runs;         // of those with ids of their exchange; by rising times, apart from each other
  std::int64_t candles = 0;  // to be handed out, including unknown and quiet ones that no row has
  std::optional<Timestamp> trades_from, trades_to;    // times of the first and the last
  std::optional<Timestamp> candles_from, candles_to;  // open times
};

struct ImportProgress {
  std::int64_t rows = 0;
  double part_done = 0;  // 0 to 1, by bytes of the files; 0 while standard input is read
};

class ImportedRows {
 public:
  ImportedRows();
  ~ImportedRows();
  ImportedRows(ImportedRows&&) noexcept;

  const ImportSummary& summary() const;
  // Each once, times rising but for neighbours; the ids of the exchange rise, and so do made ones beside them. False after the last one. Errors: the waiting rows cannot be read.
  Result<bool> next(Trade& trade);
  // The number of the file that the last of them was first read from; and "a.csv:17", where it stood.
  std::uint32_t file_of_trade() const;
  std::string place() const;
  // From the first trade and the first candle again.
  Result<void> rewind();
  // Of the market's interval, by open time, complete between the first and the last, except where our own export was not.
  Result<bool> next(Candle& candle);

  class Implementation;
  std::unique_ptr<Implementation> implementation;
};

// Reads everything. `rejected` is called for each refused row, `progress` now and then, `stopped` between blocks of rows.
// What the name of a given file or folder says is believed to be meant. An error is one line that names the file (remedy refuse),
// among them: no known format, no file of the market, too many refused rows, trades with
// and without ids together, candles coarser than the market's, a damaged archive.
Result<ImportedRows> read_import(const ImportSettings& settings,
                                 const std::function<void(const RejectedRow&)>& rejected,
                                 const std::function<void(const ImportProgress&)>& progress,
                                 const std::function<bool()>& stopped);

}  // namespace candled::files
