// EngineSettings: the settings of the conveyor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/trading/paper_trading.hpp"

namespace candled::engine {

// Which stations share a thread. Ingest and the trainer always have one of their own.
enum class ThreadLayout {
  stages,          // one thread a station
  market,          // head to trading on one thread, the journal on another
  inline_journal,  // all of them on one thread
};

// How long the parts of the record stay in the file, measured back from the newest candle; zero: for ever.
struct KeepSettings {
  Duration trades;
  Duration features;
};

// The start of the first candle whose rows stay; before all times if they stay for ever.
inline Timestamp kept_from(Duration keep, std::optional<Timestamp> newest_candle, Duration interval) {
  return keep.ns > 0 && newest_candle ? floor_to(*newest_candle - keep, interval) : Timestamp{INT64_MIN};
}

struct EngineSettings {
  std::filesystem::path database;
  MarketTable markets;
  std::vector<std::string> features;  // names of the model's list; empty: features::default_features()
  Duration grace = Duration::seconds(1);
  trading::PaperSettings paper;
  std::vector<trading::PaperSettings>
      paper_of_market;  // by market, where fees and order rules differ; empty: `paper` for all
  std::vector<trading::StrategySettings> strategies;
  std::filesystem::path model_directory = "models";
  Duration
      maximum_model_age;  // no position is opened on a model whose training data ended longer ago; zero: none is too old
  std::size_t contributions = 5;  // features that are stored with each prediction, with their contribution; 0: none
  ThreadLayout layout = ThreadLayout::market;
  std::size_t queue_capacity = 8192;
  std::int64_t events_per_checkpoint = 20'000;
  KeepSettings keep;
  // Stored with the record of this run, so that verify can use the same: TOML of every setting that decides, and candled's version.
  std::string config;
  std::string version;
};

}  // namespace candled::engine
