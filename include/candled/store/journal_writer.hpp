// JournalWriter: the only writer of the SQLite file. One transaction per slice of whole event groups.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "candled/store/run_record.hpp"
#include "candled/store/settings.hpp"

namespace candled::store {

// The file cannot be used at all; the message is one line that names the file.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct StrategyName {
  std::string name;
  std::string kind;
};

struct FeatureListRecord {
  std::string hash;
  std::vector<std::string> names;
  std::vector<std::string> recorded =
      {};  // the same with the versions of their formulas, as the file keeps them; empty: as `names`
};

// The row of the candle that opened there.
using StoredFeatures = std::pair<Timestamp, std::vector<double>>;

// What this run writes about; position i of a list is what id i of an event means.
struct JournalSettings {
  std::filesystem::path path;
  MarketTable markets;
  std::vector<StrategyName> strategies;
  std::vector<FeatureListRecord> features;  // by market
  Durability durability = Durability::process;
};

// "in use by another candled (pid 17)", or empty while no process writes the file.
std::string database_user(const std::filesystem::path& database);
// The same process, by its id; for a signal.
std::optional<std::int64_t> database_user_id(const std::filesystem::path& database);

class JournalWriter {
 public:
  // Opens or creates the file, takes its lock, registers markets and strategies. Throws StoreError: unwritable, not ours,
  // from a newer candled, in use by another process, a market stored with another interval.
  explicit JournalWriter(JournalSettings settings);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  // Writes the events in one transaction. On an error nothing of them is written and the call may be repeated (remedy retry:
  // disk full, locked, too little memory; fatal: the disk fails, the file is damaged, or its log was cut or removed; the message says what
  // to do). With Durability::power, events with a fill or a model swap are on the disk before any reader sees them. Rows that are already there stay as they are, so a repeated event changes
  // nothing. A late trade, or an unknown candle, records in the same transaction that candles are due for a revision.
  // So does a trade with an id that takes the place of one without (docs/history.md): both are never stored at once.
  Result<void> write(std::span<const Event> groups);
  // Whether trades of the market were replaced since the last call: candles are due for a revision, without a late trade that says so.
  bool take_replaced(MarketId market);
  // How many this writer replaced.
  std::int64_t trades_replaced() const;

  // For a file that no daemon writes: the model is champion from the next start on; `why` and `decided` are for the history.
  Result<void> promote(const ModelRecord& model, const std::string& why, Timestamp decided);
  Result<void> challenge(const ModelRecord& model);

  // Rebuilds stored candles: replaces those that differ, counting their revision up. Returns how many did.
  Result<std::int64_t> revise_candles(MarketId market, std::span<const Candle> candles);

  // Records that no candles of the market are due for a revision any more; call after revise_candles.
  Result<void> revision_done(MarketId market);

  // Stores feature rows computed from the stored candles; an empty one: the candle has none. Replace leaves only rows that a
  // prediction was made on, refresh leaves all that came down the conveyor. Return how many rows changed.
  Result<std::int64_t> replace_features(MarketId market, std::span<const StoredFeatures> rows);
  Result<std::int64_t> refresh_features(MarketId market, std::span<const StoredFeatures> rows);

  // The list that this run writes rows of.
  const FeatureListRecord& feature_list(MarketId market) const;
  // Records that every feature row of the market from the time on is stored and of this list, and no longer that they were deleted on
  // purpose from there on. Automatic for a market without rows.
  Result<void> features_done(MarketId market, Timestamp from);

  // Rows that were computed from stored candles are due to be rebuilt from the time on. The writer records this itself where it changes a
  // candle, in the same transaction.
  Result<void> features_due(MarketId market, Timestamp from);
  // From where on they are due; the caller rebuilds them. Nothing is due after this until the next change. Throws StoreError.
  std::optional<Timestamp> take_features_due(MarketId market);
  Result<void> features_refreshed(MarketId market);
  // Records a start of the conveyor, and makes its states the checkpoint in the same transaction: what is recorded after the checkpoint
  // is of one run.
  Result<void> record_run(const RunRecord& run);

  // Removes one state from the stored checkpoint, so that the next start rebuilds it.
  Result<void> forget_state(const std::string& station);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
