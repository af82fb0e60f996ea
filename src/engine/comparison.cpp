#include "engine/comparison.hpp"

#include <fmt/format.h>

#include "candled/engine/conveyor.hpp"
#include "candled/features/formula_version.hpp"
#include "engine/fact_text.hpp"

namespace candled::engine {

Comparison::Comparison(const store::Recording& recording, VerifyReport& report)
    : recording_(recording), report_(report) {
  for (const Market& market : recording.markets()) {
    markets_.push_back({RowWalk(recording.candles(market.id)), RowWalk(recording.features(market.id)),
                        RowWalk(recording.predictions(market.id))});
    for (const std::string& strategy : recording.strategies()) {
      accounts_.emplace(std::pair(market.id, strategy), AccountRows{RowWalk(recording.fills(market.id, strategy)),
                                                                    RowWalk(recording.orders(market.id, strategy)),
                                                                    RowWalk(recording.equity(market.id, strategy))});
    }
  }
}

void Comparison::use(const EngineSettings& settings, std::vector<MarketId> in_record) {
  settings_ = &settings;
  in_record_ = std::move(in_record);
  lists_ = feature_lists(settings.markets, settings.features);
}

void Comparison::note(MarketId market, Timestamp time, const std::string& what) {
  if (!report_.first_difference.empty()) return;
  report_.first_difference =
      fmt::format("{} {} {}", recording_.markets()[index_of(market)].name(), to_iso8601(time), what);
}

void Comparison::tell(FactCount& count, MarketId in_record, Timestamp time, const std::string& what) {
  ++count.different;
  note(in_record, time, what);
}

Comparison::AccountRows& Comparison::account(MarketId market, const std::string& strategy) {
  const auto found = accounts_.find({market, strategy});
  if (found == accounts_.end()) invariant_failed("a strategy of a run is not in the file");
  return found->second;
}

// What to do with a row that the replay passed by.
template <class Row>
auto Comparison::too_many(FactCount& count, MarketId market, std::string what) {
  return [this, &count, market, what = std::move(what)](const Row& row) {
    if (row.sequence == 0) {
      if constexpr (std::is_same_v<Row, store::RecordedCandle>)
        report_.imported_candles += row.candle.revision == 0 ? 1 : 0;
      if constexpr (std::is_same_v<Row, store::RecordedFeatures>) ++report_.rebuilt_features;
      return;
    }
    ++count.missing;
    note(market, time_of(row), fmt::format("{}: recorded, and the replay does not make it", what));
  };
}

template <class Row>
std::optional<Row> Comparison::compare(RowWalk<Row>& walk, FactCount& count, MarketId market, const Row& made,
                                       const std::string& what) {
  std::optional<Row> recorded = walk.reach(place_of(made), too_many<Row>(count, market, what));
  if (!recorded) {
    tell(count, market, time_of(made), fmt::format("{}: the replay makes it, none is recorded", what));
    return recorded;
  }
  if constexpr (std::is_same_v<Row, store::RecordedCandle>) {
    if (recorded->candle.revision > 0) return recorded;  // verify compares those with the stored trades
    if (recorded->sequence == 0) {
      ++report_.imported_candles;
      return recorded;
    }
  }
  ++count.compared;
  const std::string differs = difference(what, *recorded, made);
  if (!differs.empty()) tell(count, market, time_of(made), differs);
  return recorded;
}

void Comparison::see(const Event& event) {
  if (event.kind() == EventKind::fill) {
    const MarketId market = in_record_[index_of(event.market())];
    const std::string& name = strategy(event.fill().strategy);
    compare(account(market, name).fills, report_.fills, market, store::RecordedFill{event.fill(), event.sequence},
            fmt::format("fill {} of {}", event.fill().number, name));
    return;
  }
  if (event.kind() != EventKind::candle) return;
  const std::size_t own = index_of(event.market());
  see_report(in_record_[own], event.report(), lists_[own], event.sequence);
}

void Comparison::see_report(MarketId market, const CandleReport& made, const store::FeatureListRecord& list,
                            std::int64_t sequence) {
  MarketRows& rows = markets_[index_of(market)];
  const Timestamp open_time = made.candle.open_time;
  const std::optional<store::RecordedCandle> candle = compare(
      rows.candles, report_.candles, market, store::RecordedCandle{made.candle, made.closed, sequence}, "candle");
  see_features(market, made, list, sequence, candle && candle->candle.state == CandleState::gap);
  if (made.prediction) {
    compare(rows.predictions, report_.predictions, market,
            store::RecordedPrediction{open_time, *made.prediction, made.stale, sequence}, "prediction");
  }
  for (const EquityPoint& point : made.equity) {
    const std::string& name = strategy(point.strategy);
    compare(account(market, name).equity, report_.equity_points, market, store::RecordedEquity{point, sequence},
            fmt::format("equity of {}", name));
  }
  for (OrderRecord order : made.orders) {
    const std::string& name = strategy(order.strategy);
    order.strategy = {};
    compare(account(market, name).orders, report_.orders, market, store::RecordedOrder{order, sequence},
            fmt::format("order {} of {}", order.number, name));
  }
}

std::vector<bool> Comparison::of_other_formulas(const std::string& recorded_hash,
                                                const store::FeatureListRecord& list) const {
  const auto recorded = recorded_lists_.find(recorded_hash);
  if (recorded_hash == list.hash || recorded == recorded_lists_.end() || recorded->second.size() != list.names.size())
    return {};
  std::vector<bool> others(list.names.size(), false);
  for (std::size_t i = 0; i < others.size(); ++i) {
    others[i] = recorded->second[i] != list.recorded[i] &&
                features::parse_versioned_feature(recorded->second[i]).name == list.names[i];
  }
  return others;
}

void Comparison::see_features(MarketId market, const CandleReport& made, const store::FeatureListRecord& list,
                              std::int64_t sequence, bool is_unknown_now) {
  if (made.features.empty()) return;
  const Timestamp open_time = made.candle.open_time;
  const auto recorded = markets_[index_of(market)].features.reach(
      open_time.ns, too_many<store::RecordedFeatures>(report_.features, market, "feature row"));
  if (!recorded) {
    // A revision has made the candle unknown since, and rows that are made of stored candles have none of it.
    if (is_unknown_now) {
      ++report_.rebuilt_features;
      return;
    }
    const auto pruned = recording_.bounds(market).features_pruned_before;
    if (pruned && open_time < *pruned) {
      ++report_.pruned_features;
      return;
    }
    return tell(report_.features, market, open_time, "feature row: the replay makes it, none is recorded");
  }
  if (recorded->sequence == 0) {
    ++report_.rebuilt_features;
    return;
  }
  ++report_.features.compared;
  const std::vector<bool> others = of_other_formulas(recorded->hash, list);
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (others[i]) ++report_.older_formulas[list.names[i]];
  }
  std::string differs = feature_difference(recorded->row, made.features, list.names, others);
  if (differs.empty() && recorded->sequence != sequence) {
    differs = fmt::format("feature row: recorded by event {}, replayed by event {}", recorded->sequence, sequence);
  }
  if (!differs.empty()) tell(report_.features, market, open_time, differs);
}

void Comparison::finish() {
  for (const Market& market : recording_.markets()) {
    MarketRows& rows = markets_[index_of(market.id)];
    rows.candles.finish(too_many<store::RecordedCandle>(report_.candles, market.id, "candle"));
    rows.features.finish(too_many<store::RecordedFeatures>(report_.features, market.id, "feature row"));
    rows.predictions.finish(too_many<store::RecordedPrediction>(report_.predictions, market.id, "prediction"));
  }
  for (auto& [key, rows] : accounts_) {
    const auto& [market, name] = key;
    rows.fills.finish(too_many<store::RecordedFill>(report_.fills, market, fmt::format("fill of {}", name)));
    rows.orders.finish(too_many<store::RecordedOrder>(report_.orders, market, fmt::format("order of {}", name)));
    rows.equity.finish(
        too_many<store::RecordedEquity>(report_.equity_points, market, fmt::format("equity of {}", name)));
  }
}

}  // namespace candled::engine
