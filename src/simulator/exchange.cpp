#include "simulator/exchange.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace candled::simulator {
namespace {

constexpr std::size_t snapshot_trades_max = 50;
constexpr std::size_t trades_per_turn_max = 5'000;
// At speed 0 the tape waits while a client has more than this to read.
constexpr std::size_t queued_bytes_wanted = 512 * 1024;
// A client of a paced market that is so far behind is dropped.
constexpr std::size_t queued_bytes_max = 64 * 1024 * 1024;
constexpr std::uint64_t beyond_int64 = std::uint64_t{1} << 63;

}  // namespace

Exchange::Exchange(LocalExchangeSettings settings, OpenedMarkets opened)
    : settings_(std::move(settings)),
      markets_(std::move(opened.markets)),
      clock_(opened.start, settings_.speed),
      faults_(settings_.faults),
      admission_(settings_.limits),
      books_(settings_.faults.seed),
      connection_ids_(settings_.faults.seed) {}

void Exchange::attach(Session& session) {
  sessions_.push_back(&session);
  ++statistics_.connections_total;
}

void Exchange::detach(Session& session) { std::erase(sessions_, &session); }

void Exchange::on_subscription(Duration wall) {
  if (settings_.wait_for_subscriber) clock_.begin(wall);
}

std::optional<std::size_t> Exchange::find(std::string_view symbol) const {
  const auto at =
      std::find_if(markets_.begin(), markets_.end(), [&](const SimulatedMarket& m) { return m.pair.symbol == symbol; });
  if (at == markets_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - markets_.begin());
}

Frame Exchange::snapshot(std::size_t index, Duration wall) {
  SimulatedMarket& market = markets_[index];
  const std::size_t count = std::min(snapshot_trades_max, market.history.size());
  const std::size_t first = market.history.size() - count;
  const bool descending = faults_.lasts(FaultKind::snapshot_descending, wall);
  FrameBuilder frame;
  for (std::size_t i = 0; i < count; ++i) {
    frame.add(index, market.history[descending ? first + count - 1 - i : first + i], market.rows, false);
  }
  return frame.snapshot();
}

Frame Exchange::book_snapshot(std::size_t index, std::size_t depth, Duration wall) {
  flush(wall);  // what the snapshot holds already is not for the one who gets it
  const bool shared = std::any_of(sessions_.begin(), sessions_.end(), [&](Session* s) { return s->book_depth(index) == depth; });
  return books_.snapshot(markets_[index], depth, shared, now(wall));
}

// Behind the last fill of a taker order.
void Exchange::show_book(const SimulatedMarket& market) {
  const auto index = static_cast<std::size_t>(&market - markets_.data());
  for (const std::size_t depth : book_depths) {
    if (std::none_of(sessions_.begin(), sessions_.end(), [&](Session* s) { return s->book_depth(index) == depth; })) continue;
    if (Frame frame = books_.update(market, depth)) book_frames_.push_back({index, depth, std::move(frame)});
  }
}

// Ahead of the trades of the same moment: a client may take a trade's time for the book's, too.
void Exchange::send_books(Duration wall) {
  for (const BookFrame& book : book_frames_) {
    for (Session* session : sessions_) {
      if (session->book_depth(book.market) != book.depth) continue;
      session->send(book.frame, wall);
      ++statistics_.books_sent;
    }
  }
  book_frames_.clear();
}

std::string Exchange::status_message(Duration wall) {
  return fmt::format(
      "{{\"channel\":\"status\",\"type\":\"update\",\"data\":[{{\"version\":\"2.0.10\",\"system\":\"{}\",\"api_"
      "version\":\"v2\","
      "\"connection_id\":{}}}]}}",
      faults_.lasts(FaultKind::maintenance, wall) ? "maintenance" : "online", connection_ids_.bits() | beyond_int64);
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
    if (unseen_left_ == 0 && frames_.trades() == 0 && !clients_can_take_more()) return {};
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
    frames_.add(static_cast<std::size_t>(&market - markets_.data()), trade, market.rows, exponents_left_ > 0);
    exponents_left_ = std::max<std::int64_t>(0, exponents_left_ - 1);
    if (frames_.trades() >= settings_.frame_trades_max) flush(wall);
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
    if (session->subscriptions() == 0) continue;
    if (session->queued_bytes() >= queued_bytes_wanted) return false;
    subscribed = true;
  }
  return subscribed;
}

void Exchange::flush(Duration wall) {
  send_books(wall);
  if (frames_.trades() == 0) return;
  for (Session* session : sessions_) {
    const Frame frame = frames_.update(session->subscriptions());
    if (frame == nullptr) continue;
    session->send(frame, wall);
    ++statistics_.frames_sent;
    statistics_.trades_sent += frames_.trades_of(session->subscriptions());
    if (clock_.paced() && session->queued_bytes() > queued_bytes_max) session->cut();
  }
  frames_.clear();
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
    statistics_.subscriptions += std::popcount(session->subscriptions());
  }
}

}  // namespace candled::simulator
