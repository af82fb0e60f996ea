#include "simulator/session.hpp"

#include <algorithm>

#include "simulator/exchange.hpp"

namespace candled::simulator {

Session::Session(Exchange& exchange, Link& link, Duration wall)
    : exchange_(exchange),
      link_(link),
      messages_(net::TokenBucket::per_second(exchange.limits().messages_per_second, exchange.limits().messages_burst)),
      last_request_(wall),
      next_ping_(wall + exchange.limits().ping_every) {
  exchange_.attach(*this);
}

Session::~Session() { exchange_.detach(*this); }

void Session::send(const Frame& frame, Duration wall) {
  if (frame != nullptr && !exchange_.silent(wall)) link_.send(frame);
}

void Session::cut() {
  end();
  link_.cut();
}

void Session::close(std::uint16_t code, std::string reason) {
  end();
  link_.close(code, std::move(reason));
}

void Session::end() {
  ended_ = true;
  client_ = {};
}

void Session::open(const Opening& opening, Duration wall) {
  client_.style = opening.style;
  send(exchange_.dialect().status(exchange_.scene(wall)), wall);
  if (exchange_.scene(wall).maintenance) return close(close_code::going_away, "maintenance");
  if (!opening.request.topics.empty()) carry_out(opening.request, wall);
}

void Session::receive(std::string_view message, Duration wall) {
  if (ended_) return;
  const Request request = exchange_.dialect().read(message);
  last_request_ = wall;
  if (!messages_.take(wall)) return refuse(request, Refusal::too_fast, {}, wall);
  if (request.refusal) return refuse(request, *request.refusal, {}, wall);
  carry_out(request, wall);
}

void Session::carry_out(const Request& request, Duration wall) {
  const auto is_book = [](const Topic& topic) { return topic.channel == Channel::book; };
  if (request.method == Method::subscribe && std::any_of(request.topics.begin(), request.topics.end(), is_book) &&
      exchange_.faults().lasts(FaultKind::book_refused, wall)) {
    return refuse(request, Refusal::unsupported_book, {}, wall);
  }
  if (request.style) client_.style = *request.style;
  for (const Topic& topic : request.topics) {
    const bool subscribes = request.method == Method::subscribe;
    const std::optional<Refusal> refusal = subscribes ? subscribe(request, topic, wall) : unsubscribe(topic);
    if (refusal) refuse(request, *refusal, topic.market, wall);
    if (!refusal && !subscribes) accept(request, topic, wall);
  }
  send(exchange_.dialect().conclude(request, client_, exchange_.scene(wall)), wall);
}

// Acknowledges where it can, with the snapshot behind.
std::optional<Refusal> Session::subscribe(const Request& request, const Topic& topic, Duration wall) {
  const std::optional<std::size_t> market = exchange_.find(topic.market);
  if (!market) return Refusal::unknown_market;
  const MarketSet bit = bit_of(*market);
  switch (topic.channel) {
    case Channel::trades: {
      if ((client_.trades & bit) != 0) return Refusal::subscribed_already;
      begin_subscription(wall);
      client_.trades |= bit;
      accept(request, topic, wall);
      if (!topic.snapshot) return {};
      for (const Frame& frame : exchange_.trade_snapshot(*market, client_.style, wall)) send(frame, wall);
      return {};
    }
    case Channel::book: {
      if (client_.book_depth(*market) != 0) return Refusal::subscribed_already;
      begin_subscription(wall);
      const Frame snapshot = exchange_.book_snapshot(*market, topic.depth, client_.style, wall);
      client_.books[*market] = topic.depth;
      accept(request, topic, wall);
      if (topic.snapshot) send(snapshot, wall);
      return {};
    }
    case Channel::heartbeat: {
      if ((client_.heartbeats & bit) != 0) return Refusal::subscribed_already;
      begin_subscription(wall);
      client_.heartbeats |= bit;
      accept(request, topic, wall);
      return {};
    }
  }
  return Refusal::unknown_channel;
}

std::optional<Refusal> Session::unsubscribe(const Topic& topic) {
  const std::optional<std::size_t> market = exchange_.find(topic.market);
  if (!market) return Refusal::not_subscribed;
  if (topic.channel == Channel::book) {
    if (topic.depth != client_.book_depth(*market) || topic.depth == 0) return Refusal::not_subscribed;
    client_.books.erase(*market);
    return {};
  }
  MarketSet& markets = topic.channel == Channel::trades ? client_.trades : client_.heartbeats;
  if ((markets & bit_of(*market)) == 0) return Refusal::not_subscribed;
  markets &= ~bit_of(*market);
  return {};
}

void Session::accept(const Request& request, const Topic& topic, Duration wall) {
  send(exchange_.dialect().accept(request, topic, exchange_.scene(wall)), wall);
}

void Session::refuse(const Request& request, Refusal refusal, std::string_view market, Duration wall) {
  const Frame frame = exchange_.dialect().refuse(request, refusal, market, exchange_.scene(wall));
  if (frame == nullptr && refusal == Refusal::too_fast) return close(close_code::policy_violation, "too many messages");
  send(frame, wall);
}

void Session::begin_subscription(Duration wall) {
  if (!subscribed_ever_) next_heartbeat_ = wall + exchange_.settings().heartbeat;
  subscribed_ever_ = true;
  exchange_.on_subscription(wall);
}

void Session::tick(Duration wall) {
  if (ended_) return;
  if (subscribed_ever_ && wall >= next_heartbeat_) {
    for (const Frame& frame : exchange_.dialect().heartbeats(client_, exchange_.scene(wall))) send(frame, wall);
    next_heartbeat_ = std::max(next_heartbeat_ + exchange_.settings().heartbeat, wall);
  }
  const Duration idle = exchange_.limits().idle;
  if (idle.ns > 0 && client_.follows_nothing() && wall - last_request_ >= idle)
    return close(close_code::normal, "idle");
  if (exchange_.limits().ping_every.ns > 0) tick_pings(wall);
}

void Session::tick_pings(Duration wall) {
  if (pong_due_ && wall >= *pong_due_) return close(close_code::policy_violation, "no pong");
  if (wall < next_ping_ || exchange_.silent(wall)) return;
  next_ping_ = wall + exchange_.limits().ping_every;
  if (!pong_due_) pong_due_ = wall + exchange_.limits().pong_within;
  link_.ping();
}

}  // namespace candled::simulator
