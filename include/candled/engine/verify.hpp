// verify: replays what live runs recorded through the same stations, and compares all results with what the runs stored, bit for bit.
//
// Compared: candles (and when they were closed), feature rows, predictions, orders with their outcome, fills, equity points. A candle that a
// repair revised later is compared with the trades it was revised from. Trades, watermarks, sequence gaps, order books, model swaps, pauses
// and settings are replayed and taken as given.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "candled/engine/past_runs.hpp"
#include "candled/engine/settings.hpp"
#include "candled/flow/log.hpp"

namespace candled::engine {

struct FactCount {
  std::int64_t compared = 0;
  std::int64_t different = 0;  // of those, or produced by the replay and not recorded
  std::int64_t missing = 0;    // recorded by a head event, and not produced by the replay
};

struct VerifyReport {
  std::int64_t head_events = 0, runs = 0, model_swaps = 0, pauses = 0;
  FactCount candles, features, predictions, orders, fills, equity_points;
  FactCount revised_candles;  // with the trades they were revised from
  // Not compared, because no run of the stream produced them as they are:
  std::int64_t imported_candles = 0;  // of files or a backfill
  std::int64_t rebuilt_features = 0;  // computed from stored candles; `candled check features` compares those
  std::int64_t pruned_features = 0;   // deleted, [storage] keep_features
  std::int64_t waiting_candles = 0;   // their revision is due
  std::map<std::string, std::int64_t> older_formulas = {};  // by feature: values of an older formula than this build's
  std::string first_difference;                             // one line; empty: none

  std::array<std::pair<const char*, FactCount>, 7> facts() const {
    return {{{"candles", candles},
             {"feature_rows", features},
             {"predictions", predictions},
             {"orders", orders},
             {"fills", fills},
             {"equity_points", equity_points},
             {"revised_candles", revised_candles}}};
  }
  std::int64_t compared() const {
    std::int64_t sum = 0;
    for (const auto& [name, fact] : facts()) sum += fact.compared;
    return sum;
  }
  std::int64_t differences() const {
    std::int64_t sum = 0;
    for (const auto& [name, fact] : facts()) sum += fact.different + fact.missing;
    return sum;
  }
};

struct VerifyRequest {
  std::filesystem::path database;
  PastRuns past;
  // For the part of a record that has no settings, as an older candled left it.
  EngineSettings settings;
  // Called now and then: events so far, and of how many.
  std::function<void(std::int64_t sequence, std::int64_t last_sequence)> progress = {};
  std::function<bool()> stop = {};  // asked now and then: true ends it with an error
};

// Reads one snapshot of the file, so a daemon may go on writing it. Refuses: nothing recorded, a record that pruning or an import has
// cut, a run whose settings cannot be read, a model that cannot be loaded. Throws StoreError.
Result<VerifyReport> verify(const VerifyRequest& request, flow::Log& log);

}  // namespace candled::engine
