#include "app/market_health.hpp"

#include <fmt/format.h>

#include <string>

namespace candled::app {
namespace {

using ingest::MarketState;

// The words of /health before `markets` was there; a client may know no other.
const char* feed_word(MarketState state) {
  switch (state) {
    case MarketState::waiting: return "waiting";
    case MarketState::loading: return "loading";
    case MarketState::live:
    case MarketState::quiet: return "live";
    case MarketState::refused: return "refused";
    case MarketState::repairing:
    case MarketState::unproven:
    case MarketState::silent:
    case MarketState::foreign:
    case MarketState::ahead: return "repairing";
  }
  return "";
}

const char* state_word(MarketState state, bool connected) {
  switch (state) {
    case MarketState::waiting: return connected ? "subscribing" : "disconnected";
    case MarketState::loading: return "catching_up";
    case MarketState::live: return "live";
    case MarketState::quiet: return "quiet";
    case MarketState::repairing: return "repairing";
    case MarketState::refused: return "refused";
    case MarketState::unproven: return "gap";
    case MarketState::silent: return "silent";
    case MarketState::foreign: return "alien_ids";
    case MarketState::ahead: return "ahead_of_clock";
  }
  return "";
}

std::string sentence(const std::string& market, const ingest::MarketStatistics& statistics, MarketState state,
                     bool connected) {
  switch (state) {
    case MarketState::waiting:
      return market + (connected ? " is not subscribed yet" : " is waiting: its exchange is not connected");
    case MarketState::loading: return market + " is loading what it missed";
    case MarketState::repairing: return market + " is repairing a sequence gap, and its trades wait";
    case MarketState::refused: return market + " is refused by its exchange";
    case MarketState::unproven:
      return market + " is not heard of and REST does not answer for it: its minutes are gaps until it does";
    case MarketState::silent:
      return market + " is silent on the stream while REST has trades: they come over REST, and it is subscribed again";
    case MarketState::foreign:
      return fmt::format(
          "{} gets trades with ids that cannot belong to what is stored (last stored id {}, live id {}): they are "
          "skipped and their minutes are gaps; move the file away and start with candled --backfill 7d",
          market, statistics.last_id.value(), statistics.foreign_id.value());
    case MarketState::ahead:
      return market +
             " has stored times ahead of the exchange's clock: candled check data says which; move the file away and "
             "import with the right time zone, or start with candled --backfill 7d";
    case MarketState::live:
    case MarketState::quiet: return "";
  }
  return "";
}

}  // namespace

server::MarketFeed market_feed(const Market& market, const ingest::MarketStatistics& statistics, bool connected) {
  const MarketState state = statistics.state_now();
  return {market.name(), feed_word(state), state_word(state, connected)};
}

std::optional<server::HealthReason> market_reason(const Market& market, const ingest::MarketStatistics& statistics,
                                                  bool connected) {
  const MarketState state = statistics.state_now();
  if (state == MarketState::live || state == MarketState::quiet) return std::nullopt;
  return server::HealthReason{state_word(state, connected), market.name(),
                              sentence(market.name(), statistics, state, connected)};
}

}  // namespace candled::app
