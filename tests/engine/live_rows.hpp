// LiveRows: what a live run stored, found by key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "candled/store/recording.hpp"

namespace candled::engine::tests {

class LiveRows {
 public:
  explicit LiveRows(const std::filesystem::path& path) {
    store::Recording recording(path);
    for (const Market& market : recording.markets()) {
      keep(candles_, market.id, recording.candles(market.id), [](const auto& row) { return row.candle.open_time.ns; });
      keep(features_, market.id, recording.features(market.id), [](const auto& row) { return row.open_time.ns; });
      keep(predictions_, market.id, recording.predictions(market.id), [](const auto& row) { return row.open_time.ns; });
      for (const std::string& name : recording.strategies()) {
        keep(fills_[name], market.id, recording.fills(market.id, name),
             [](const auto& row) { return std::int64_t{row.fill.number}; });
        keep(equity_[name], market.id, recording.equity(market.id, name),
             [](const auto& row) { return row.point.time.ns; });
      }
    }
  }

  std::optional<store::RecordedCandle> candle(MarketId market, Timestamp open_time) {
    return found(candles_, market, open_time.ns);
  }
  std::optional<store::RecordedFeatures> features(MarketId market, Timestamp open_time) {
    return found(features_, market, open_time.ns);
  }
  std::optional<store::RecordedPrediction> prediction(MarketId market, Timestamp open_time) {
    return found(predictions_, market, open_time.ns);
  }
  std::optional<Fill> fill(MarketId market, const std::string& strategy, std::uint32_t number) {
    const auto row = found(fills_[strategy], market, std::int64_t{number});
    return row ? std::optional(row->fill) : std::nullopt;
  }
  std::optional<EquityPoint> equity(MarketId market, const std::string& strategy, Timestamp time) {
    const auto row = found(equity_[strategy], market, time.ns);
    return row ? std::optional(row->point) : std::nullopt;
  }

 private:
  template <class Row>
  using Table = std::map<std::pair<MarketId, std::int64_t>, Row>;

  template <class Row, class Key>
  static void keep(Table<Row>& table, MarketId market, const store::Rows<Row>& rows, const Key& key) {
    while (const std::optional<Row> row = rows()) table.emplace(std::pair(market, key(*row)), *row);
  }
  template <class Row>
  static std::optional<Row> found(const Table<Row>& table, MarketId market, std::int64_t key) {
    const auto row = table.find({market, key});
    return row == table.end() ? std::nullopt : std::optional(row->second);
  }

  Table<store::RecordedCandle> candles_;
  Table<store::RecordedFeatures> features_;
  Table<store::RecordedPrediction> predictions_;
  std::map<std::string, Table<store::RecordedFill>> fills_;
  std::map<std::string, Table<store::RecordedEquity>> equity_;
};

}  // namespace candled::engine::tests
