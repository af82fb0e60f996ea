// Config: etc/candled.toml as typed values. Parsed once at start; no room below reads files or the environment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "candled/candles/settings.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/engine/learning_settings.hpp"
#include "candled/engine/thread_settings.hpp"
#include "candled/features/settings.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/settings.hpp"
#include "candled/model/settings.hpp"
#include "candled/server/settings.hpp"
#include "candled/store/settings.hpp"
#include "candled/trading/settings.hpp"

namespace candled::config {

// One line that names file, line and key. main prints it and exits 2.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// [[market]]
struct MarketConfig {
  std::string exchange = "kraken";
  std::string symbol = "BTC/USD";
  std::optional<Duration> interval;  // empty: [candles] interval
  std::int64_t book = 0;             // levels a side of the order book to follow: 10, 25, or 0 for none
  trading::MarketRules rules;
};

// Each section is the settings of the room that owns it, and is described there.
struct Config {
  store::StorageSettings storage;
  std::vector<MarketConfig> markets;                               // never empty after load: kraken BTC/USD
  std::vector<ingest::ExchangeSettings> exchanges;                 // one for each exchange that a market names
  std::map<std::string, trading::ExchangeFees, std::less<>> fees;  // by exchange, of every one that is known
  ingest::HistorySettings history;
  candles::CandleSettings candles;
  features::FeatureSettings features;
  engine::LearningSettings training;
  model::ModelSettings model;
  std::vector<trading::StrategySettings> strategies;  // never empty after load: the three kinds
  trading::PaperTerms paper;
  server::HttpSettings server;
  flow::LogSettings log;
  engine::ThreadSettings threads;

  MarketTable table;                  // of `markets` in order, with ids 0, 1, 2 ...; built once, by load
  std::string in_effect = "{}";       // all of it as JSON, with the names of the file and secrets hidden
  std::string record;                 // what decides, as TOML in normal form: stored with each run; see load_recorded
  std::vector<std::string> warnings;  // keys with a former name in the file, one line each, with the new line to write
};

// Options of the command line that override the file.
struct ConfigOverrides {
  std::optional<std::filesystem::path> database;
  std::vector<std::string>
      markets;  // "kraken:BTC/USD"; replaces the file's list, settings of markets listed there are kept
};

// Reads and checks the file, or only the defaults when there is none. Throws ConfigError: unreadable file, TOML syntax, unknown
// key (with the nearest valid one), wrong type, value out of range, settings that contradict each other.
Config load_config(const std::optional<std::filesystem::path>& file, const ConfigOverrides& overrides);

// The config that Config::record was written from, as far as it decides; the rest has its defaults. Throws ConfigError.
Config load_recorded(const std::string& record);

// The text of etc/candled.toml: every key with its help and its default.
std::string shipped_config();

// For what connects to an exchange. Throws ConfigError that names a market whose exchange has no feed here.
void require_feeds(const Config& config);

}  // namespace candled::config
