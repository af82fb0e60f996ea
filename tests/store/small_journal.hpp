// SmallJournal: a journal file of a few rows of every kind, made through the writer.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/store/journal_writer.hpp"

namespace candled::tests {

class EmptyPredictor : public Predictor {
 public:
  const std::string& name() const override { return name_; }
  const std::string& feature_hash() const override { return name_; }
  Duration horizon() const override { return Duration::minutes(1); }
  double predict(std::span<const double>) const override { return 0.5; }

 private:
  std::string name_ = "20251124_190000";
};

// Removed with the object; fill_up() writes two markets, two strategies, three minutes.
class SmallJournal {
 public:
  static constexpr std::int64_t minute = 60'000'000'000;
  static constexpr Timestamp start{29'000'000 * minute};

  explicit SmallJournal(const std::string& name = "candled_view_reader_test")
      : folder(std::filesystem::temp_directory_path() / (name + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    store::JournalSettings settings;
    settings.path = path();
    settings.markets = markets();
    settings.strategies = {{"calm", "balanced"}, {"wild", "dynamic"}};
    settings.features = {{"hash", {"a"}}, {"hash", {"a"}}};
    writer = std::make_unique<store::JournalWriter>(settings);
  }
  ~SmallJournal() {
    writer.reset();
    std::filesystem::remove_all(folder);
  }
  static MarketTable markets() {
    return {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)},
            {MarketId{1}, "kraken", "ETH/USD", Duration::hours(1)}};
  }
  std::filesystem::path path() const { return folder / "view.sqlite"; }

  template <class... More>
  void commit(Event first, More... more) {
    std::vector<Event> events;
    events.push_back(std::move(first));
    (events.push_back(std::move(more)), ...);
    commit(std::move(events));
  }
  void commit(std::vector<Event> events) {
    ++sequence;
    for (Event& event : events) event.sequence = sequence;
    REQUIRE(writer->write(events).has_value());
  }
  Event trade(MarketId market, std::int64_t id) const {
    Trade trade;
    trade.id = id;
    trade.time = trade.received = start + Duration::seconds(id) + Duration{123'456'789};
    trade.price = *Price::parse("62807.1000000001");
    trade.quantity = *Quantity::parse("0.00000001");
    trade.side = Side::sell;
    return Event::of(market, trade);
  }
  Event candle(MarketId market, int index, CandleState state, std::string_view close) const {
    auto report = std::make_unique<CandleReport>();
    report->candle.open_time = start + Duration{index * minute};
    report->candle.state = state;
    const Price price = *Price::parse(close);
    report->candle.open = report->candle.high = report->candle.low = report->candle.close = price;
    report->candle.volume = *Volume::parse("2.5");
    report->candle.trades = 7;
    if (state != CandleState::gap)
      report->prediction = Prediction{0.625, Duration::minutes(1), SignalKind::buy, "20251124_190000"};
    for (std::uint16_t strategy : {std::uint16_t{0}, std::uint16_t{1}}) {
      const Timestamp end = report->candle.open_time + Duration{minute};
      report->equity.push_back(
          {StrategyId{strategy}, end, *Money::parse("-10.5"), *Amount::parse("1"), price, *Money::parse("90")});
    }
    return Event::of(market, std::move(report));
  }
  Event fill(StrategyId strategy, std::uint32_t number) const {
    Fill fill;
    fill.time = start + Duration::seconds(number);
    fill.quantity = *Amount::parse("0.1");
    fill.price = *Price::parse("100");
    fill.fee = *Money::parse("0.04");
    fill.number = number;
    fill.strategy = strategy;
    fill.side = Side::sell;
    return Event::of(MarketId{0}, fill);
  }
  Event sequence_gap(std::int64_t first) const {
    return Event::sequence_gap(MarketId{0}, {first, first + 4, start, start});
  }
  Event model_swap(const std::string& metrics) const {
    ModelRecord record;
    record.name = "20251124_190000";
    record.kind = "gbdt";
    record.created = record.trained_from = record.trained_to = start;
    record.accuracy = 0.53125;
    record.metrics_json = metrics;
    return Event::of(std::make_unique<ModelSwap>(std::make_shared<EmptyPredictor>(), record));
  }
  void fill_up() {
    commit(trade(MarketId{0}, 1));
    commit(candle(MarketId{0}, 0, CandleState::traded, "100"), trade(MarketId{0}, 2));
    commit(fill(StrategyId{0}, 1), fill(StrategyId{1}, 1), trade(MarketId{1}, 77));
    commit(candle(MarketId{0}, 1, CandleState::quiet, "101"), fill(StrategyId{0}, 2), trade(MarketId{0}, 3));
    commit(candle(MarketId{1}, 0, CandleState::traded, "5"), candle(MarketId{0}, 2, CandleState::gap, "0"),
           sequence_gap(4));
    commit(model_swap("{\"n\": 12}"));
  }

  std::filesystem::path folder;
  std::unique_ptr<store::JournalWriter> writer;
  std::int64_t sequence = 0;
};

}  // namespace candled::tests
