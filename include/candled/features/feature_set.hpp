// FeatureSet: from closed candles of one market to one row of scale-free numbers per candle.
//
// Pure and streaming: the row of a candle depends on the candles up to it and on nothing else, so live, backtest and
// replay give the same bits. The catalogue (catalogue.hpp) lists the names;
// docs/features.md explains each.
//
// Unknown is NaN: not warm yet, or undefined (0/0). There is never an infinity, and nothing is filled in.
//
// Unknown candles. One of them, or a jump in open times, is a break: an unknown candle gets an empty row and reaches no indicator.
// After a break every feature over a window (returns, sums, deviations, extremes) is NaN until its window is clear of
// the break, and the session VWAP is NaN until the next whole UTC day. Recursive ones (EMA, MACD, RSI, ATR, ADX) carry
// on over it: they have no window that could be clear, their memory decays, and the move across the break did
// happen. A quiet candle is a candle like any other.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "candled/domain/candle.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/domain/time.hpp"
#include "candled/features/catalogue.hpp"

namespace candled {
struct BookFacts;
}

namespace candled::features {

struct FeatureInfo {
  std::string name;  // family and parameters: "rsi_14"
  std::string unit;
  std::string formula;  // n, m, ... are the parameters in the name, in order
  int warm_up_candles;  // the first row that can have a value, counted from 1
  Need needs;           // NaN where the candle does not have it, and until its windows are clear of such candles
};

// Not thread-safe; no allocation in update().
class FeatureSet {
 public:
  // The names, in the order of the row; none: default_features(). They must be in the catalogue (aborts): what comes from
  // outside passes check_features() first. Raw indicators are accepted too, for charts.
  explicit FeatureSet(Duration candle_interval, std::span<const std::string> names = {});
  ~FeatureSet();
  FeatureSet(FeatureSet&&) noexcept;
  FeatureSet& operator=(FeatureSet&&) noexcept;

  // Another set in the same state.
  FeatureSet copy() const;

  // In the order of the row; valid as long as this object.
  std::span<const FeatureInfo> list() const;
  std::size_t size() const { return list().size(); }
  // 16 hex digits over names, parameters, order, formula versions and interval: rows with different hashes do
  // not mix.
  const std::string& hash() const;

  // Of the newest candle, unknown ones included.
  std::optional<Timestamp> last_open_time() const;

  // The row of this closed candle, valid until the next call; empty for an unknown one. Open times must rise from call to call
  // (aborts). `book` has the order book's facts of this candle, null for none; it is read during the call only.
  std::span<const double> update(const Candle& candle, const BookFacts* book = nullptr);

  // The exact state, for a checkpoint. load() accepts only what save() of a set with the same hash wrote, complete; on an
  // error this set is unchanged (Remedy::refuse).
  void save(StateWriter& writer) const;
  Result<void> load(StateReader& reader);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace candled::features
