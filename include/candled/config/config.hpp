// Config: etc/candled.toml as typed values. Parsed once at the door; nobody deeper reads files or the environment.
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

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/market.hpp"
#include "candled/domain/time.hpp"
#include "candled/flow/log.hpp"
#include "candled/ingest/settings.hpp"
#include "candled/model/calibration.hpp"
#include "candled/model/promotion.hpp"

namespace candled::config {

// One line that names file, line and key. main prints it and exits 2.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct StorageConfig {
  std::filesystem::path path = "candled.sqlite";
  Duration keep_trades, keep_features;  // zero: for ever
};

struct MarketConfig {
  std::string exchange = "kraken";
  std::string symbol = "BTC/USD";
  std::optional<Duration> interval;  // empty: [candles] interval
  // What the exchange takes for an order; 0 is no rule.
  Quantity minimum_quantity, lot_step;
  Price price_step;
  std::int64_t book = 0;             // levels a side of the order book to follow: 10, 25, or 0 for none
};

struct CandlesConfig {
  Duration interval = Duration::minutes(1);
  Duration grace = Duration::seconds(1);  // less than every interval
};

struct FeaturesConfig {
  std::vector<std::string> list;  // names of the model's features, in order; empty: the default list
};

struct TrainingConfig {
  bool enabled = true;
  Duration every = Duration::hours(1);
  Duration window = Duration::days(30);
  Duration horizon = Duration::minutes(5);  // a multiple of every market's interval
  std::int64_t minimum_candles = 300;
  model::PromotionRule promote = model::PromotionRule::better;
  Duration maximum_age;           // zero: a model never grows too old to trade on
  std::int64_t keep_models = 0;   // model directories beside those with an alias; 0: all
  std::int64_t folds = 4;         // of the walk-forward in front of each model; 0: none, and no calibration
};

struct ModelConfig {
  std::string kind = "gbdt";  // gbdt | forest | ensemble
  std::filesystem::path directory = "models";
  std::int64_t rounds = 200;
  std::int64_t depth = 0;  // 0: the kind's own
  double learning_rate = 0.05;
  std::int64_t seed = 1;
  std::int64_t leaves_max = 0;  // 0: level by level
  std::int64_t patience = 20;
  double row_share = 0, column_share = 0;  // 0: the kind's own
  double child_weight_min = 5, lambda = 1;
  double gbdt_weight = 1, forest_weight = 1;  // of an ensemble
  model::CalibrationKind calibration = model::CalibrationKind::platt;
  std::string labels = "horizon";  // horizon | barriers
  double dead_zone_bps = 0, profit_bps = 20, loss_bps = 20;
  std::int64_t columns_max = 0;  // 0: all
  std::int64_t contributions = 5;  // stored with each prediction; 0: none
};

struct StrategyConfig {
  std::string name;  // unique
  std::string kind;  // of trading::strategy_kinds()
  std::optional<Duration> decide_every;  // empty: every closed candle
  std::optional<Duration> cooldown;      // empty: none
  std::map<std::string, double, std::less<>> parameters;  // those that the file gives
};

struct PaperConfig {
  Money starting_balance = Money::from_units(10'000 * Money::scale);
  double fee_bps = 40.0;  // taker; an exchange can have its own, and of the maker's
  double maker_fee_bps = 25.0;
  double slippage_bps = 2.0;
  double half_spread_bps = 0;  // slippage_bps stands for both
  std::int64_t latency_ms = 250;
  Money minimum_order = Money::from_units(5 * Money::scale);
  Duration stale_after = Duration::minutes(1);
};

// What [exchange.<name>] says over [paper].
struct ExchangeFees {
  std::optional<double> maker_fee_bps, taker_fee_bps;
};

struct ServerConfig {
  bool enabled = true;
  std::string listen = "127.0.0.1:8501";
  std::string token;  // required for any address that is not loopback, and then of 32 characters or more
  std::int64_t connections_max = 256;
  double requests_per_second = 500;  // of one address; 0: no limit
};

struct ThreadsConfig {
  std::string layout = "market";  // stages: one thread a stage | market: the market stations on one thread | inline: those and the journal
  std::int64_t queue_capacity = 8192;
};

struct Config {
  StorageConfig storage;
  std::vector<MarketConfig> markets;                    // never empty after load: kraken BTC/USD
  std::vector<ingest::ExchangeSettings> exchanges;      // one for each exchange that a market names
  std::map<std::string, ExchangeFees, std::less<>> fees;  // by exchange, of every one that is known
  ingest::HistorySettings history;
  CandlesConfig candles;
  FeaturesConfig features;
  TrainingConfig training;
  ModelConfig model;
  std::vector<StrategyConfig> strategies;               // never empty after load: the three kinds
  PaperConfig paper;
  ServerConfig server;
  flow::LogSettings log;
  ThreadsConfig threads;
  std::string in_effect = "{}";  // all of it as JSON, with the names of the file and secrets hidden
  std::string record;  // what decides, as TOML in normal form: stored with each run; see load_recorded
};

// What the command line may say over the file.
struct ConfigOverrides {
  std::optional<std::filesystem::path> database;
  std::vector<std::string> markets;  // "kraken:BTC/USD"; replaces the file's list, settings of markets that stand there are kept
};

// Reads and checks the file, or only the defaults when there is none. Throws ConfigError: unreadable file, TOML syntax, unknown
// key (with the nearest valid one), wrong type, value out of range, settings that contradict each other.
Config load_config(const std::optional<std::filesystem::path>& file, const ConfigOverrides& overrides);

// The config that Config::record was written from, as far as it decides; the rest has its defaults. Throws ConfigError.
Config load_recorded(const std::string& record);

// The markets of the config in order, with ids 0, 1, 2 ...
MarketTable market_table(const Config& config);

// For what connects to an exchange. Throws ConfigError that names a market whose exchange has no feed here.
void require_feeds(const Config& config);

}  // namespace candled::config
