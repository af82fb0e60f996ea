#include "simulator/exchange.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <utility>

namespace candled::simulator {
namespace {

constexpr std::size_t trades_per_turn_max = 5'000;
// At speed 0 the tape waits while a client has more than this to read.
constexpr std::size_t queued_bytes_wanted = 512 * 1024;
// A client of a paced market that is so far behind is dropped.
constexpr std::size_t queued_bytes_max = 64 * 1024 * 1024;

}  // namespace

Exchange::Exchange(LocalExchangeSettings settings, OpenedMarkets opened, std::unique_ptr<Dialect> dialect)
    : settings_(std::move(settings)),
      dialect_(std::move(dialect)),
      limits_(overridden(dialect_->limits(), settings_.limits)),
      markets_(std::move(opened.markets)),
      clock_(opened.start, settings_.speed),
      faults_(settings_.faults),
      admission_(limits_),
      books_(settings_.faults.seed, limits_.books_are_cut) {}

void Exchange::attach(Session& session) {
  sessions_.push_back(&session);
  ++statistics_.connections_total;
}

void Exchange::detach(Session& session) { std::erase(sessions_, &session); }

void Exchange::on_subscription(Duration wall) {
  if (settings_.wait_for_subscriber) clock_.begin(wall);
}

std::optional<std::size_t> Exchange::find(std::string_view stream_name) const {
  const auto at = std::find_if(markets_.begin(), markets_.end(),
                               [&](const SimulatedMarket& m) { return m.instrument.stream_name == stream_name; });
  if (at == markets_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - markets_.begin());
}

std::vector<Frame> Exchange::trade_snapshot(std::size_t index, std::uint8_t style, Duration wall) {
  const SimulatedMarket& market = markets_[index];
  const std::size_t count = std::min(limits_.snapshot_trades, market.history.size());
  std::vector<ReleasedTrade> trades;
  for (std::size_t i = market.history.size() - count; i < market.history.size(); ++i) {
    trades.push_back({index, &market.instrument, market.history[i]});
  }
  if (faults_.lasts(FaultKind::snapshot_descending, wall)) std::reverse(trades.begin(), trades.end());
  return trades.empty() ? std::vector<Frame>() : dialect_->trade_snapshot(trades, style);
}

Frame Exchange::book_snapshot(std::size_t index, std::size_t depth, std::uint8_t style, Duration wall) {
  flush(wall);  // what the snapshot holds already is not for the one who gets it
  const bool shared = std::any_of(sessions_.begin(), sessions_.end(),
                                  [&](Session* s) { return s->client().book_depth(index) == depth; });
  return dialect_->book_snapshot(books_.snapshot(markets_[index], depth, shared, now(wall)), style);
}

// Behind the last fill of a taker order.
void Exchange::show_book(const SimulatedMarket& market) {
  const auto index = static_cast<std::size_t>(&market - markets_.data());
  std::set<std::size_t> depths;
  for (Session* session : sessions_) {
    if (const std::size_t depth = session->client().book_depth(index); depth != 0) depths.insert(depth);
  }
  for (const std::size_t depth : depths) {
    if (std::optional<BookMessage> message = books_.update(market, depth))
      pending_books_.push_back({index, depth, std::move(*message)});
  }
}

// Ahead of the trades of the same moment: a client may take a trade's time for the book's, too.
void Exchange::send_books(Duration wall) {
  for (const PendingBook& book : pending_books_) {
    std::map<std::uint8_t, Frame> frames;  // by style
    for (Session* session : sessions_) {
      if (session->client().book_depth(book.market) != book.depth) continue;
      Frame& frame = frames[session->client().style];
      if (frame == nullptr) frame = dialect_->book_update(book.message, session->client().style);
      session->send(frame, wall);
      ++statistics_.books_sent;
    }
  }
  pending_books_.clear();
}

Exchange::Next Exchange::advance(Duration wall) {
  const std::optional<Duration> running = clock_.began() ? std::optional(wall - clock_.began_at()) : std::nullopt;
  for (const Fault& fault : faults_.due_by_time(clock_.now(wall) - clock_.start(), running)) apply(fault, wall);
  if (!clock_.began() || ended_) return {};
  return clock_.paced() ? advance_paced(wall) : advance_pulled(wall);
}

Exchange::Next Exchange::advance_paced(Duration wall) {
  const Timestamp until = clock_.now(wall);
  for (std::size_t i = 0; i < trades_per_turn_max; ++i) {
    SimulatedMarket* const market = earliest();
    if (market == nullptr) {
      end_tape(wall);
      return {};
    }
    if (market->tape->peek()->time > until) {
      flush(wall);
      return {false, clock_.wall_of(market->tape->peek()->time)};
    }
    release(*market, wall);
  }
  flush(wall);
  return {true, {}};
}

Exchange::Next Exchange::advance_pulled(Duration wall) {
  for (std::size_t i = 0; i < trades_per_turn_max; ++i) {
    if (silent(wall)) return {};
    // Trades that nobody is to see do not wait for a reader.
    if (unseen_left_ == 0 && trades_.size() == 0 && !clients_can_take_more()) return {};
    SimulatedMarket* const market = earliest();
    if (market == nullptr) {
      end_tape(wall);
      return {};
    }
    release(*market, wall);
  }
  flush(wall);
  return {true, {}};
}

SimulatedMarket* Exchange::earliest() {
  SimulatedMarket* first = nullptr;
  for (SimulatedMarket& market : markets_) {
    const Trade* const trade = market.tape->peek();
    if (trade != nullptr && (first == nullptr || trade->time < first->tape->peek()->time)) first = &market;
  }
  return first;
}

void Exchange::release(SimulatedMarket& market, Duration wall) {
  const Trade trade = *market.tape->peek();
  if (faults_.may_strike_at(trade.time - clock_.start())) {
    for (const Fault& fault : faults_.due_by_time(trade.time - clock_.start(), std::nullopt)) apply(fault, wall);
  }
  market.tape->next();
  market.history.add(trade);
  clock_.pull(trade.time);
  const Trade* const next = market.tape->peek();
  if (next == nullptr || next->time != trade.time) show_book(market);
  const std::int64_t number = ++statistics_.trades_released;
  if (is_unseen(market, wall)) {
    ++statistics_.trades_unseen;
  } else {
    trades_.add({static_cast<std::size_t>(&market - markets_.data()), &market.instrument, trade, exponents_left_ > 0});
    exponents_left_ = std::max<std::int64_t>(0, exponents_left_ - 1);
    if (trades_.size() >= settings_.frame_trades_max) flush(wall);
  }
  if (faults_.may_strike_behind_trade(number)) {
    for (const Fault& fault : faults_.due_behind_trade(number)) apply(fault, wall);
  }
}

bool Exchange::is_unseen(SimulatedMarket& market, Duration wall) {
  if (unseen_left_ > 0) return --unseen_left_, true;
  if (market.unseen_left > 0) return --market.unseen_left, true;
  return wall < market.stalled_until || silent(wall);
}

bool Exchange::clients_can_take_more() const {
  bool subscribed = false;
  for (Session* session : sessions_) {
    if (session->client().trades == 0) continue;
    if (session->queued_bytes() >= queued_bytes_wanted) return false;
    subscribed = true;
  }
  return subscribed;
}

void Exchange::flush(Duration wall) {
  send_books(wall);
  if (trades_.size() == 0) return;
  for (Session* session : sessions_) {
    const Client& client = session->client();
    const std::vector<Frame>& frames = trades_.frames(*dialect_, client.trades, client.style);
    if (frames.empty()) continue;
    for (const Frame& frame : frames) session->send(frame, wall);
    statistics_.frames_sent += static_cast<std::int64_t>(frames.size());
    statistics_.trades_sent += trades_.trades_of(client.trades);
    if (clock_.paced() && session->queued_bytes() > queued_bytes_max) session->cut();
  }
  trades_.clear();
}

void Exchange::end_tape(Duration wall) {
  flush(wall);
  ended_ = true;
  clock_.tape_ended(wall);
}

bool Exchange::finished() const {
  return ended_ && std::all_of(sessions_.begin(), sessions_.end(), [](Session* s) { return s->queued_bytes() == 0; });
}

void Exchange::close_all(std::uint16_t code, const std::string& reason) {
  for (Session* session : sessions_) session->close(code, reason);
}

void Exchange::tick(Duration wall) {
  statistics_.connections = connections();
  statistics_.subscriptions = 0;
  for (Session* session : sessions_) {
    session->tick(wall);
    statistics_.subscriptions += std::popcount(session->client().trades);
  }
}

}  // namespace candled::simulator
