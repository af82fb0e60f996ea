#include "engine/fact_text.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>

#include "candled/domain/enum_names.hpp"

namespace candled::engine {
namespace {

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

std::string_view side_text(Side side) { return side == Side::unknown ? "no side" : to_text(side); }

}  // namespace

bool same(const store::RecordedCandle& a, const store::RecordedCandle& b) {
  return a.candle == b.candle && a.closed == b.closed && a.sequence == b.sequence;
}

bool same(const store::RecordedPrediction& a, const store::RecordedPrediction& b) {
  const Prediction &p = a.prediction, &q = b.prediction;
  return same_bits(p.probability_up, q.probability_up) && p.model == q.model && p.horizon == q.horizon &&
         p.signal == q.signal && a.stale == b.stale && p.expired == q.expired && a.sequence == b.sequence;
}

bool same(const store::RecordedFill& a, const store::RecordedFill& b) {
  const Fill &f = a.fill, &g = b.fill;
  return f.time == g.time && f.decided_on == g.decided_on && f.quantity == g.quantity && f.price == g.price &&
         f.fee == g.fee && f.side == g.side && f.reason == g.reason && a.sequence == b.sequence;
}

bool same(const store::RecordedOrder& a, const store::RecordedOrder& b) {
  return a.order == b.order && a.sequence == b.sequence;
}

bool same(const store::RecordedEquity& a, const store::RecordedEquity& b) {
  const EquityPoint &e = a.point, &f = b.point;
  return e.time == f.time && e.cash == f.cash && e.position == f.position && e.price == f.price &&
         e.equity == f.equity && a.sequence == b.sequence;
}

std::string text_of(const store::RecordedCandle& row) {
  const Candle& c = row.candle;
  const std::string volumes = fmt::format("volume {} bought {} trades {}", c.volume.to_text(),
                                          c.buy_volume_known ? c.buy_volume.to_text() : "unknown",
                                          c.trades_known ? std::to_string(c.trades) : "unknown");
  const Tape& t = c.tape;
  const std::string tape =
      t.known ? fmt::format("buys {} up {} down {} largest {} turnover {} pause {}", t.buy_trades, t.up_ticks,
                            t.down_ticks, t.largest.to_text(), t.turnover.to_text(), to_text(t.longest_pause))
              : "no tape";
  return fmt::format("{} {} {} {} {} {} {} revision {} closed {}", to_text(c.state), c.open.to_text(), c.high.to_text(),
                     c.low.to_text(), c.close.to_text(), volumes, tape, c.revision, to_iso8601(row.closed));
}

std::string text_of(const store::RecordedPrediction& row) {
  return fmt::format("{:.17g} {} of model {} horizon {}{}{}", row.prediction.probability_up,
                     to_text(row.prediction.signal), row.prediction.model, to_text(row.prediction.horizon),
                     row.stale ? " (stale)" : "", row.prediction.expired ? " (expired)" : "");
}

std::string text_of(const store::RecordedFill& row) {
  const Fill& f = row.fill;
  return fmt::format("{} {} at {} fee {} time {} reason {} decided on {}", side_text(f.side), f.quantity.to_text(),
                     f.price.to_text(), f.fee.to_text(), to_iso8601(f.time), to_text(f.reason),
                     to_iso8601(f.decided_on));
}

std::string text_of(const store::RecordedOrder& row) {
  const OrderRecord& o = row.order;
  return fmt::format("number {} {} spend {} quantity {} limit {} filled {} {} active from {} ended {} reason {}",
                     o.number, side_text(o.side), o.spend.to_text(), o.quantity.to_text(), o.limit.to_text(),
                     o.filled.to_text(), to_text(o.end), to_iso8601(o.active_from), to_iso8601(o.ended),
                     to_text(o.reason));
}

std::string text_of(const store::RecordedEquity& row) {
  const EquityPoint& e = row.point;
  return fmt::format("cash {} position {} price {} equity {}", e.cash.to_text(), e.position.to_text(),
                     e.price.to_text(), e.equity.to_text());
}

Timestamp time_of(const store::RecordedCandle& row) { return row.candle.open_time; }
Timestamp time_of(const store::RecordedFeatures& row) { return row.open_time; }
Timestamp time_of(const store::RecordedPrediction& row) { return row.open_time; }
Timestamp time_of(const store::RecordedFill& row) { return row.fill.time; }
Timestamp time_of(const store::RecordedOrder& row) { return row.order.decided_on; }
Timestamp time_of(const store::RecordedEquity& row) { return row.point.time; }

std::string feature_difference(const std::vector<double>& recorded, const std::vector<double>& made,
                               const std::vector<std::string>& names, const std::vector<bool>& passed_over) {
  if (recorded.size() != made.size())
    return fmt::format("feature row: recorded {} features, replayed {}", recorded.size(), made.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    if ((i < passed_over.size() && passed_over[i]) || same_bits(recorded[i], made[i])) continue;
    return fmt::format("feature {}: recorded {:.17g}, replayed {:.17g}",
                       i < names.size() ? names[i] : std::to_string(i + 1), recorded[i], made[i]);
  }
  return {};
}

}  // namespace candled::engine
