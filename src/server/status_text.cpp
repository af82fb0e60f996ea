#include "server/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "candled/domain/fixed_point.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

std::string time_text(const std::optional<Timestamp>& time) {
  return time ? to_iso8601(floor_to(*time, Duration::seconds(1))) : "none yet";
}

// "3d 4h", "4h 12m", "12m 5s": two units are enough.
std::string span_text(Duration span) {
  const std::int64_t seconds = span / Duration::seconds(1);
  if (seconds >= 86'400) return fmt::format("{}d {}h", seconds / 86'400, seconds % 86'400 / 3'600);
  if (seconds >= 3'600) return fmt::format("{}h {}m", seconds / 3'600, seconds % 3'600 / 60);
  return fmt::format("{}m {}s", seconds / 60, seconds % 60);
}

std::string size_text(std::int64_t bytes) {
  const auto count = static_cast<double>(bytes);
  return count >= 1e9 ? fmt::format("{:.2f} GB", count / 1e9) : fmt::format("{:.1f} MB", count / 1e6);
}

std::string percent(double ratio) { return fmt::format("{:+.2f} %", ratio * 100 + 0.0); }  // + 0.0: no "-0.00"

std::string market_lines(const StatusFacts& facts) {
  std::string out = fmt::format("\n{:<20} {:<9} {:<14} {:<21} {:>15} {:>6}\n", "market", "interval", "state",
                                "last candle", "last trade id", "gaps");
  for (const store::MarketSummary& market : facts.summary.markets) {
    const auto feed = std::ranges::find(facts.health.markets, market.market, &MarketFeed::market);
    out += fmt::format("{:<20} {:<9} {:<14} {:<21} {:>15} {:>6}\n", market.market, to_text(market.interval),
                       feed == facts.health.markets.end() ? "-" : feed->state, time_text(market.last_candle),
                       market.last_trade_id ? fmt::format("{}", *market.last_trade_id) : "-", market.open_gaps);
  }
  return out;
}

std::string model_lines(const StatusFacts& facts) {
  std::string out = fmt::format("\nmodel     {}, {} in the registry\n", facts.summary.champion.value_or("none yet"),
                                facts.summary.models);
  for (const store::PredictionScore& score : facts.watch.scores()) {
    if (score.count == 0) continue;
    const double count = static_cast<double>(score.count);
    const double accuracy = static_cast<double>(score.hits) / count;
    out +=
        fmt::format("live      {}: {:.1f} % right of {} outcomes (a coin: 50 +- {:.1f}), Brier {:.4f} (a coin: 0.25)\n",
                    score.market, accuracy * 100, score.count, 196 * std::sqrt(0.25 / count), score.brier);
  }
  return out;
}

std::string account_lines(const StatusFacts& facts) {
  std::string out = fmt::format("\n{:<20} {:<20} {:>14} {:>10} {:>12} {:>12} {:>6} {:>10}\n", "strategy", "market",
                                "equity", "return", "buy & hold", "drawdown max", "fills", "fees");
  bool any = false;
  for (const store::AccountSummary& a : facts.watch.accounts()) {
    if (a.first_time.ns == 0 || !a.first_equity.is_positive() || !a.first_price.is_positive()) continue;
    any = true;
    const auto growth = [](const auto& from, const auto& to) {
      return percent(to.to_usual_units() / from.to_usual_units() - 1);
    };
    out += fmt::format("{:<20} {:<20} {:>14.2f} {:>10} {:>12} {:>12} {:>6} {:>10.2f}\n", a.strategy, a.market,
                       a.equity.to_double(), growth(a.first_equity, a.equity), growth(a.first_price, a.price),
                       percent(-a.drawdown_max), a.fills, a.fees.to_double());
  }
  return any ? out : "";
}

}  // namespace

std::string status_text(const StatusFacts& facts) {
  std::string out = fmt::format("candled {}, up {}{}\n", facts.version, span_text(facts.uptime),
                                facts.simulated ? ": a SIMULATED market" : "");
  out += facts.health.reasons.empty() ? "health    ok\n" : "";
  for (const HealthReason& reason : facts.health.reasons) out += "health    NOT WELL: " + reason_text(reason) + "\n";
  if (facts.summary.paused) out += "trading   PAUSED: no position is opened until it is resumed\n";
  out += fmt::format("stored    {} events, last write {}, {} and {} not yet moved into it\n", facts.last.sequence,
                     time_text(facts.last.written), size_text(facts.sizes.database),
                     size_text(facts.sizes.write_ahead_log));
  return out + market_lines(facts) + model_lines(facts) + account_lines(facts);
}

}  // namespace candled::server
