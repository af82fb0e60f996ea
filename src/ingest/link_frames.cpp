// What a frame means to the markets of a link.
//
// Ticks. A tick says "this market is complete up to this time", so it must not overtake a trade that the exchange has stamped
// and that is still on its way. What proves a time:
//   - A read that had to wait found the socket empty when it was issued: all that had arrived by then has been handled, so the
//     exchange's clock at that moment counts. A frame that was already lying there proves nothing: under back-pressure it may
//     be old, and trades may lie behind it.
//   - The newest trade stamp on this connection: the exchange sends in order.
// The exchange's clock itself is a lower bound (ExchangeClock). From the larger of the two, `feed_delay` times the market's
// rate is taken off, for trades that take longer from their stamp to us than the quickest do.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/exchange_link.hpp"

namespace candled::ingest {
namespace {

constexpr Duration waited_at_least = Duration::milliseconds(1);  // a read of data that was there takes far less
// Where stamps run ahead of the clock (a simulation as fast as it can), only a silence tells that none is on its way.
constexpr Duration silence_at_least = Duration::milliseconds(500);

constexpr Duration stamp_disorder_max = Duration::seconds(5);    // between neighbours of one market

}  // namespace

void ExchangeLink::handle(Connection& connection, std::string_view text, Duration asked, Duration arrived) {
  parts_.statistics.frames.add();
  parts_.statistics.bytes.add(static_cast<std::int64_t>(text.size()));
  parts_.statistics.last_frame_ns.set(arrived.ns);
  parts_.outlet.begin();
  exchange_->parse_frame(text, frame_);
  if (frame_.bad > 0) evidence_.bad(url_.host, frame_.problem, text, frame_.bad, arrived);
  if (frame_.system) handle_system();
  if (!frame_.replies.empty()) handle_replies(connection, arrived);
  if (!frame_.trades.empty()) handle_trades(arrived);
  if (!frame_.books.empty()) handle_books(arrived);
  prove_markets(asked, arrived);
  parts_.outlet.flush();
}

void ExchangeLink::handle_system() {
  if (*frame_.system == SystemState::maintenance) backoff_.maintenance();
  if (frame_.system_text == system_) return;
  system_ = frame_.system_text;
  if (*frame_.system == SystemState::online) {
    parts_.log.info("exchange is online", {{"exchange", settings_.name}});
  } else {
    parts_.log.warning("exchange is not fully online", {{"exchange", settings_.name}, {"status", system_}});
  }
}

void ExchangeLink::handle_replies(Connection& connection, Duration now) {
  for (const SubscriptionReply& reply : frame_.replies) {
    if (handle_book_reply(reply)) continue;
    MarketFlow* market = find(reply.symbol);
    if (reply.accepted) {
      if (market != nullptr && !market->refused()) market->subscribed(now);
    } else if (market != nullptr && reply.permanent) {
      market->refuse(reply.text, "this market is off, others live on");
      if (all_refused()) cut(connection, "every market was refused");
    } else {
      // Passing, or about the whole request. Markets that it left without an answer get a new connection; backoff says when.
      const bool matters = unanswered();
      parts_.log.warning("subscription refused", {{"exchange", settings_.name},
                                                  {"host", url_.host},
                                                  {"reason", reply.text},
                                                  {"next", matters ? "connecting again" : "all markets are subscribed, going on"}});
      if (matters) cut(connection, "subscription refused: " + reply.text);
    }
  }
}

bool ExchangeLink::unanswered() const {
  return std::ranges::any_of(markets_, [](const auto& market) { return !market->refused() && !market->is_subscribed(); });
}

void ExchangeLink::handle_trades(Duration arrived) {
  std::vector<StreamTrade>& rows = frame_.trades;
  const auto earlier = [](const StreamTrade& a, const StreamTrade& b) {
    return a.market != b.market ? a.market < b.market : a.trade.id < b.trade.id;
  };
  if (!std::ranges::is_sorted(rows, earlier)) std::ranges::stable_sort(rows, earlier);
  const Timestamp possible = clock_.possible_until(arrived, parts_.loop.wall_now());
  const Timestamp limit = stamps_trusted_ ? possible : std::min(possible, clock_.believable_until(arrived));
  for (const StreamTrade& row : rows) {
    if (row.trade.time > possible) {
      evidence_.bad(url_.host, "trade " + std::to_string(row.trade.id) + " stamped " + to_iso8601(row.trade.time) + ", in the future", "", 1,
                    arrived);
    } else if (row.trade.time <= limit) {
      disprove_suspect(row, arrived);
      accept(row.market, row.trade, arrived);
    } else {
      suspect(row, arrived);
    }
  }
  if (!frame_.snapshot) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].market != rows[i - 1].market) markets_[rows[i].market]->snapshot_ended();
  }
}

void ExchangeLink::accept(std::size_t market, Trade trade, Duration arrived) {
  if (markets_[market]->refused()) return;
  clock_.saw(trade.time, arrived);
  newest_stamp_ = std::max(newest_stamp_, trade.time);
  trade.received = *clock_.passed(arrived);
  if (books_[market]) books_[market]->reach(trade.time);  // the facts of a candle come before the trade that closes it
  markets_[market]->take(trade);
}

// A stamp far beyond the exchange's clock is either a broken row or the sign that the clock is wrong (a simulation that jumps
// or runs at another rate). The next trade tells which; till then the trade waits.
void ExchangeLink::suspect(const StreamTrade& row, Duration arrived) {
  std::optional<Trade>& waiting = suspects_[row.market];
  if (waiting && row.trade.id > waiting->id && row.trade.time + stamp_disorder_max >= waiting->time) {
    stamps_trusted_ = true;
    parts_.log.warning("trades are stamped ahead of the exchange's clock, following them; is clock_rate right?",
                       {{"exchange", settings_.name}, {"host", url_.host}, {"stamp", to_iso8601(row.trade.time)}});
    accept(row.market, *waiting, arrived);
    waiting.reset();
    return accept(row.market, row.trade, arrived);
  }
  waiting = row.trade;
  clock_wanted_.notify();
}

// The trade behind a suspect is stamped as it should be: the suspect is a broken row. Its id is fetched over REST.
void ExchangeLink::disprove_suspect(const StreamTrade& row, Duration arrived) {
  std::optional<Trade>& waiting = suspects_[row.market];
  if (!waiting || row.trade.id <= waiting->id) return;
  if (stamps_trusted_) {
    accept(row.market, *waiting, arrived);
  } else {
    evidence_.bad(url_.host, "trade " + std::to_string(waiting->id) + " stamped " + to_iso8601(waiting->time) +
                                 ", beyond the exchange's clock", "", 1, arrived);
  }
  waiting.reset();
}

// The clock was asked anew: what it covers now was no broken row.
void ExchangeLink::release_suspects(Duration now) {
  const Timestamp limit = clock_.believable_until(now);
  for (std::size_t market = 0; market < suspects_.size(); ++market) {
    std::optional<Trade>& waiting = suspects_[market];
    if (!waiting || (waiting->time > limit && !stamps_trusted_)) continue;
    parts_.outlet.begin();
    accept(market, *waiting, now);
    parts_.outlet.flush();
    waiting.reset();
  }
}

void ExchangeLink::prove_markets(Duration asked, Duration arrived) {
  if (!clock_confirmed_) return;
  Timestamp proof = newest_stamp_;
  const Duration needed = stamps_trusted_ ? silence_at_least : waited_at_least;
  if (arrived - asked >= needed) proof = std::max(proof, *clock_.passed(asked));
  proven_ = std::max(proven_, proof);
  const Timestamp time = proven_ - clock_.scaled(settings_.feed_delay);
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    if (books_[i]) books_[i]->reach(time);
    markets_[i]->prove(time, arrived);
  }
}

}  // namespace candled::ingest
