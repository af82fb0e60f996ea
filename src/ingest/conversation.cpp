#include "ingest/conversation.hpp"

#include <algorithm>

namespace candled::ingest {
namespace {

constexpr Duration waited_at_least = Duration::milliseconds(1);  // a read of data that was there takes far less
// Where stamps run ahead of the clock (a simulation as fast as it can), only a silence tells that none is on its way.
constexpr Duration silence_at_least = Duration::milliseconds(500);

}  // namespace

Conversation::Conversation(const LinkContext& context, std::shared_ptr<Connection> connection)
    : context_(context),
      connection_(std::move(connection)),
      subscriptions_(context),
      books_(context),
      suspects_(context,
                [this](std::size_t market, const Trade& trade, Duration arrived) { accept(market, trade, arrived); }),
      pinged_(connection_->opened()) {}

void Conversation::hear(std::string_view text, Duration asked, Duration arrived) {
  context_.statistics.frames.add();
  context_.statistics.bytes.add(static_cast<std::int64_t>(text.size()));
  context_.statistics.last_frame_ns.set(arrived.ns);
  context_.outlet.begin();
  context_.exchange.read(text, frame_);
  heard_ = true;
  data_heard_ = data_heard_ || !frame_.trades.empty() || !frame_.books.empty();
  if (frame_.bad > 0) context_.evidence.bad(context_.host, frame_.problem, text, frame_.bad, arrived);
  if (frame_.system) context_.system.heard(*frame_.system, frame_.system_text);
  for (const SubscriptionReply& reply : frame_.replies) {
    const bool about_book = books_.take(reply);
    if (!about_book) subscriptions_.take(reply, *connection_, arrived);
  }
  if (!frame_.trades.empty()) take_trades(arrived);
  // What could not be read may have been a trade of any of them.
  if (frame_.bad > 0 && frame_.books.empty()) {
    for (LinkMarket& market : context_.markets) market.flow->doubt();
  }
  for (const LastTrade& told : frame_.last_trades) context_.markets[told.market].flow->told_last_id(told.id, arrived);
  if (!frame_.books.empty()) books_.take(frame_, arrived);
  prove_markets(asked, arrived);
  context_.outlet.flush();
}

void Conversation::take_trades(Duration arrived) {
  std::vector<StreamTrade>& rows = frame_.trades;
  const auto earlier = [](const StreamTrade& a, const StreamTrade& b) {
    return a.market != b.market ? a.market < b.market : a.trade.id < b.trade.id;
  };
  if (!std::ranges::is_sorted(rows, earlier)) std::ranges::stable_sort(rows, earlier);
  suspects_.release(arrived);
  const Timestamp limit = suspects_.limit(arrived);
  for (std::size_t i = 0; i < rows.size();) {
    const std::size_t market = rows[i].market;
    bool whole = frame_.bad == 0;
    for (; i < rows.size() && rows[i].market == market; ++i) {
      if (rows[i].trade.time > limit) {
        suspects_.suspect(rows[i], arrived);
        whole = false;
        continue;
      }
      suspects_.hear(rows[i], arrived);
      accept(market, rows[i].trade, arrived);
    }
    // A row that was refused may be the newest trade.
    if (frame_.snapshot && whole) context_.markets[market].flow->snapshot_ended();
  }
}

void Conversation::accept(std::size_t market, Trade trade, Duration arrived) {
  LinkMarket& to = context_.markets[market];
  if (to.flow->refused()) return;
  ExchangeClock& clock = context_.clock.clock();
  clock.saw(trade.time, arrived);
  newest_stamp_ = std::max(newest_stamp_, trade.time);
  trade.received = *clock.passed(arrived);
  if (to.book) to.book->reach(trade.time);  // the facts of a candle come before the trade that closes it
  to.flow->take(trade);
}

void Conversation::prove_markets(Duration asked, Duration arrived) {
  if (!context_.clock.confirmed()) return;
  const ExchangeClock& clock = context_.clock.clock();
  Timestamp proof = newest_stamp_;
  const Duration needed = clock.runs_ahead() ? silence_at_least : waited_at_least;
  if (arrived - asked >= needed) proof = std::max(proof, *clock.passed(asked));
  proven_ = std::max(proven_, proof);
  const Timestamp time = proven_ - clock.scaled(context_.settings.feed_delay);
  for (LinkMarket& market : context_.markets) {
    if (market.book) market.book->reach(time);
    market.flow->prove(time, arrived);
  }
}

void Conversation::ask_if_due(Duration now) {
  const Duration patience = context_.descriptor.greeting_wait;
  const bool due = heard_ || patience.ns == 0 || now - connection_->opened() > patience;
  if (due && !subscriptions_.asked()) subscriptions_.ask(*connection_, now);
}

void Conversation::tend(Duration now, Duration since_last_look) {
  ask_if_due(now);
  if (subscriptions_.cut_overdue(*connection_, now)) return;
  const Duration watchdog = context_.settings.watchdog;
  if (connection_->is_dead(now, since_last_look, watchdog))
    return connection_->cut("nothing heard for " + to_text(watchdog));
  const Duration lifetime = context_.descriptor.lifetime;
  if (lifetime.ns > 0 && now - connection_->opened() > lifetime)
    return connection_->cut("replaced at the age of " + to_text(lifetime));
  const Duration quiet{watchdog.ns / 2};
  const bool ping =
      context_.descriptor.pings == Pings::by_client && connection_->silence(now) > quiet && now - pinged_ > quiet;
  if (ping && !connection_->writing()) {
    pinged_ = now;
    connection_->send(context_.exchange.ping());
  }
  if (!subscriptions_.asked()) return;
  for (LinkMarket& market : context_.markets) {
    if (market.flow->take_subscription_wish()) subscriptions_.renew(*connection_, market, now);
  }
  books_.tend(*connection_, now);
}

}  // namespace candled::ingest
