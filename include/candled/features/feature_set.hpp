// FeatureSet: closed candles of one market in, one row of scale-free numbers a candle out.
//
// Pure and streaming: the row of a candle depends on the candles up to it and on nothing else, so live, backtest and
// replay give the same bits. The catalogue (catalogue.hpp) says what names there are;
// docs/features.md explains each.
//
// Unknown is NaN: not warm yet, or undefined (0/0). There is never an infinity, and nothing is filled in.
//
// Gaps. A gap candle, or a jump in open times, is a break: a gap candle gets an empty row and reaches no indicator.
// Behind a break every feature over a window (returns, sums, deviations, extremes) is NaN until its window is clear of
// the break, and the session VWAP is NaN until the next whole UTC day. Recursive ones (EMA, MACD, RSI, ATR, ADX) carry
// on over it: they have no window that could be clear, their memory fades by itself, and the move across the break did
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
  std::string name;     // family and parameters: "rsi_14"
  std::string unit;
  std::string formula;  // n, m, ... are the parameters in the name, in order
  int warm_up_candles;  // the first row that can have a value, counted from 1
  Need needs;           // NaN where the candle does not have it, and until its windows are clear of such candles
};

// Not thread-safe; no allocation in update().
class FeatureSet {
 public:
  // The names, in the order of the row; none: default_features(). They must be in the catalogue (aborts): what comes from
  // outside passes check_features() first. Raw indicators are taken too, for charts.
  explicit FeatureSet(Duration candle_interval, std::span<const std::string> names = {});
  ~FeatureSet();
  FeatureSet(FeatureSet&&) noexcept;
  FeatureSet& operator=(FeatureSet&&) noexcept;

  // Another set in the same state.
  FeatureSet copy() const;

  // In the order of the row; valid as long as this object.
  std::span<const FeatureInfo> list() const;
  std::size_t size() const { return list().size(); }
  // 16 hex digits over names, parameters, order, version of the formulas and interval: rows with different hashes do
  // not mix.
  const std::string& hash() const;

  // Of the newest candle seen, a gap too.
  std::optional<Timestamp> last_open_time() const;

  // The row of this closed candle, valid until the next call; empty for a gap. Open times must rise from call to call
  // (aborts). `book` is what the order book gave this candle, null for none; it is read during the call only.
  std::span<const double> update(const Candle& candle, const BookFacts* book = nullptr);

  // The exact state, for a checkpoint. load() takes only what save() of a set with the same hash wrote, whole; on an
  // error this set is as it was (Remedy::refuse).
  void save(StateWriter& writer) const;
  Result<void> load(StateReader& reader);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace candled::features
