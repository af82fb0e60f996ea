#include "engine/comparison.hpp"

#include <fmt/format.h>

#include <bit>

namespace candled::engine {
namespace {

constexpr const char* not_recorded = "the replay made it, the run recorded none";

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

std::string text_of(const Candle& c) {
  constexpr const char* states[] = {"traded", "quiet", "gap"};
  return fmt::format("{} {} {} {} {} volume {} bought {} trades {}", states[static_cast<int>(c.state)], c.open.to_text(), c.high.to_text(),
                     c.low.to_text(), c.close.to_text(), c.volume.to_text(), c.buy_volume.to_text(), c.trades);
}

std::string text_of(const EquityPoint& e) {
  return fmt::format("cash {} position {} price {} equity {}", e.cash.to_text(), e.position.to_text(), e.price.to_text(), e.equity.to_text());
}

std::string text_of(const Fill& f) {
  return fmt::format("{} {} at {} fee {} time {}", f.side == Side::buy ? "buy" : "sell", f.quantity.to_text(), f.price.to_text(),
                     f.fee.to_text(), to_iso8601(f.time));
}

std::string versus(const std::string& what, const std::string& recorded, const std::string& replayed) {
  return fmt::format("{}: recorded {}, replayed {}", what, recorded, replayed);
}

}  // namespace

void Comparison::differ(MarketId market, Timestamp time, const std::string& what) {
  if (report_.differences++ > 0) return;
  report_.first_difference = fmt::format("{} {} {}", settings_->markets[index_of(market)].name(), to_iso8601(time), what);
}

void Comparison::see(const Event& event) {
  if (event.kind() == EventKind::fill) return see_fill(event.market(), event.fill());
  if (event.kind() != EventKind::candle) return;
  const CandleReport& made = event.report();
  see_candle(event.market(), made);
  see_features(event.market(), made);
  see_prediction(event.market(), made);
  for (const EquityPoint& point : made.equity) see_equity(event.market(), point);
}

void Comparison::see_candle(MarketId market, const CandleReport& made) {
  const auto recorded = recording_.candle(market, made.candle.open_time);
  if (!recorded) return differ(market, made.candle.open_time, fmt::format("candle: {}", not_recorded));
  if (recorded->candle.revision > 0) {
    ++report_.revised_candles;  // verify compares those with the stored trades
    return;
  }
  ++report_.candles.compared;
  if (recorded->candle == made.candle && recorded->closed == made.closed) return;
  differ(market, made.candle.open_time,
         versus("candle", text_of(recorded->candle) + " closed " + to_iso8601(recorded->closed), text_of(made.candle) + " closed " + to_iso8601(made.closed)));
}

void Comparison::see_features(MarketId market, const CandleReport& made) {
  const auto recorded = recording_.features(market, made.candle.open_time);
  if (recorded && recorded->sequence == 0) {
    ++report_.rebuilt_features;
    return;
  }
  if (made.features.empty() && !recorded) return;
  if (!recorded) return differ(market, made.candle.open_time, fmt::format("feature row: {}", not_recorded));
  ++report_.features.compared;
  if (recorded->row.size() != made.features.size()) {
    return differ(market, made.candle.open_time,
                  versus("feature row", fmt::format("{} columns", recorded->row.size()), fmt::format("{}", made.features.size())));
  }
  for (std::size_t i = 0; i < made.features.size(); ++i) {
    if (same_bits(recorded->row[i], made.features[i])) continue;
    return differ(market, made.candle.open_time,
                  versus(fmt::format("feature {}", i + 1), fmt::format("{:.17g}", recorded->row[i]), fmt::format("{:.17g}", made.features[i])));
  }
}

void Comparison::see_prediction(MarketId market, const CandleReport& made) {
  const auto recorded = recording_.prediction(market, made.candle.open_time);
  if (!made.prediction && !recorded) return;
  if (!recorded) return differ(market, made.candle.open_time, fmt::format("prediction: {}", not_recorded));
  ++report_.predictions.compared;
  if (!made.prediction) return differ(market, made.candle.open_time, "prediction: recorded, and the replay makes none");
  const Prediction& a = recorded->prediction;
  const Prediction& b = *made.prediction;
  if (same_bits(a.probability_up, b.probability_up) && a.model == b.model && a.horizon == b.horizon && a.signal == b.signal &&
      recorded->stale == made.stale && a.expired == b.expired) {
    return;
  }
  differ(market, made.candle.open_time,
         versus("prediction", fmt::format("{:.17g} of {}{}", a.probability_up, a.model, recorded->stale ? " (stale)" : ""),
                fmt::format("{:.17g} of {}{}", b.probability_up, b.model, made.stale ? " (stale)" : "")));
}

void Comparison::see_equity(MarketId market, const EquityPoint& made) {
  const auto recorded = recording_.equity(market, strategy(made.strategy), made.time);
  if (!recorded) return differ(market, made.time, fmt::format("equity of {}: {}", strategy(made.strategy), not_recorded));
  ++report_.equity_points.compared;
  if (recorded->cash == made.cash && recorded->position == made.position && recorded->price == made.price && recorded->equity == made.equity) return;
  differ(market, made.time, versus(fmt::format("equity of {}", strategy(made.strategy)), text_of(*recorded), text_of(made)));
}

void Comparison::see_fill(MarketId market, const Fill& made) {
  const std::string what = fmt::format("fill {} of {}", made.number, strategy(made.strategy));
  const auto recorded = recording_.fill(market, strategy(made.strategy), made.number);
  if (!recorded) return differ(market, made.time, fmt::format("{}: {}", what, not_recorded));
  ++report_.fills.compared;
  if (recorded->time == made.time && recorded->decided_on == made.decided_on && recorded->quantity == made.quantity && recorded->price == made.price &&
      recorded->fee == made.fee && recorded->side == made.side && recorded->reason == made.reason) {
    return;
  }
  differ(market, made.time, versus(what, text_of(*recorded), text_of(made)));
}

}  // namespace candled::engine
