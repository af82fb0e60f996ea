// A past that was made: candles without trades, and predictors that know nothing, or all of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "candled/engine/backtest.hpp"
#include "candled/engine/conveyor.hpp"

namespace candled::engine::tests {

inline constexpr Timestamp history_begin{1'735'689'600'000'000'000};  // 2025-01-01T00:00:00Z

class MadeHistory : public HistorySource {
 public:
  explicit MadeHistory(std::vector<Candle> candles) : candles_(std::move(candles)) {}
  Result<bool> next(store::HistoryCandle& candle) override {
    if (at_ == candles_.size()) return false;
    candle = {candles_[at_++], {}, {}};
    return true;
  }
  Result<bool> next(Trade&) override { return false; }

 private:
  std::vector<Candle> candles_;
  std::size_t at_ = 0;
};

inline Price price_of(double value) {
  return Price::from_units(static_cast<std::int64_t>(std::llround(value * 100)) * (Price::scale / 100));
}

inline Candle made_candle(std::int64_t minute, double open, double high, double low, double close) {
  Candle candle;
  candle.open_time = history_begin + Duration::minutes(minute);
  candle.open = price_of(open);
  candle.high = price_of(high);
  candle.low = price_of(low);
  candle.close = price_of(close);
  candle.volume = Volume::from_usual_units(30 * Quantity::scale);
  candle.trades = 3;
  candle.buy_volume_known = false;
  return candle;
}

// Each candle opens at the close before it and moves by up to `move` of the price.
inline std::vector<Candle> random_walk(std::size_t count, double move, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Candle> candles;
  double price = 20'000;
  for (std::size_t i = 0; i < count; ++i) {
    const double next = price * (1 + move * (static_cast<double>(random() % 20'001) / 10'000 - 1));
    candles.push_back(made_candle(static_cast<std::int64_t>(i), price, std::max(price, next) * 1.0001,
                                  std::min(price, next) * 0.9999, next));
    price = next;
  }
  return candles;
}

inline EngineSettings settings_of(std::vector<trading::StrategySettings> strategies) {
  EngineSettings settings;
  settings.markets = {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}};
  settings.strategies = std::move(strategies);
  return settings;
}

// Says one probability after the other, one a candle, and a half behind the last.
class ScriptedPredictor : public Predictor {
 public:
  explicit ScriptedPredictor(std::vector<double> says)
      : hash_(feature_lists(settings_of({}).markets).front().hash), says_(std::move(says)) {}
  const std::string& name() const override { return name_; }
  const std::string& feature_hash() const override { return hash_; }
  Duration horizon() const override { return Duration::minutes(1); }
  double predict(std::span<const double>) const override { return at_ < says_.size() ? says_[at_++] : 0.5; }

 private:
  std::string name_ = "20250101_000000", hash_;
  std::vector<double> says_;
  mutable std::size_t at_ = 0;
};

}  // namespace candled::engine::tests
