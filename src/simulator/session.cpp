#include "simulator/session.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "simulator/exchange.hpp"
#include "simulator/query.hpp"

namespace candled::simulator {
namespace {

constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t normal_close = 1000;
constexpr double message_burst_factor = 2;
constexpr Duration service_time{45'000};  // between time_in and time_out
const Frame& heartbeat_frame() {
  static const Frame frame = make_frame("{\"channel\":\"heartbeat\"}");
  return frame;
}

std::string times_and_id(const ClientRequest& request, Timestamp now) {
  std::string text = fmt::format("\"time_in\":\"{}\",\"time_out\":\"{}\"", microsecond_text(now),
                                 microsecond_text(now + service_time));
  if (request.request_id) text += fmt::format(",\"req_id\":{}", *request.request_id);
  return text + "}";
}

std::string_view method_text(ClientMethod method) {
  return method == ClientMethod::unsubscribe ? "unsubscribe" : "subscribe";
}

constexpr std::int64_t usual_book_depth = 10;

bool is_book_depth(std::int64_t depth) {
  return std::any_of(book_depths.begin(), book_depths.end(), [depth](std::size_t d) { return depth == static_cast<std::int64_t>(d); });
}

}  // namespace

Session::Session(Exchange& exchange, Link& link, Duration wall)
    : exchange_(exchange),
      link_(link),
      messages_(net::TokenBucket::per_second(exchange.settings().limits.messages_per_second,
                                             exchange.settings().limits.messages_per_second * message_burst_factor)),
      last_request_(wall) {
  exchange_.attach(*this);
}

Session::~Session() { exchange_.detach(*this); }

void Session::send(const Frame& frame, Duration wall) {
  if (!exchange_.silent(wall)) link_.send(frame);
}

void Session::cut() {
  ended_ = true;
  subscriptions_ = 0;
  book_depths_.clear();
  link_.cut();
}

void Session::close(std::uint16_t code, std::string reason) {
  ended_ = true;
  subscriptions_ = 0;
  book_depths_.clear();
  link_.close(code, std::move(reason));
}

void Session::open(Duration wall) {
  send(make_frame(exchange_.status_message(wall)), wall);
  if (exchange_.faults().lasts(FaultKind::maintenance, wall)) close(going_away, "maintenance");
}

void Session::receive(std::string_view message, Duration wall) {
  if (ended_) return;
  const ClientRequest request = exchange_.reader().read(message);
  last_request_ = wall;
  if (!messages_.take(wall)) return refuse_request(request, "Exceeded msg rate", {}, wall);
  switch (request.method) {
    case ClientMethod::malformed: return refuse_request(request, "Malformed request", {}, wall);
    case ClientMethod::ping:
      return send(make_frame("{\"method\":\"pong\"," + times_and_id(request, exchange_.now(wall))), wall);
    case ClientMethod::subscribe: return subscribe(request, wall);
    case ClientMethod::unsubscribe: return unsubscribe(request, wall);
  }
}

void Session::subscribe(const ClientRequest& request, Duration wall) {
  const bool book = request.channel == "book";
  const bool refused = !is_book_depth(request.depth.value_or(usual_book_depth)) || exchange_.faults().lasts(FaultKind::book_refused, wall);
  if (book && refused) return refuse_request(request, "Subscription depth not supported", {}, wall);
  if (!book && request.channel != "trade") return refuse_request(request, "Subscription name invalid", {}, wall);
  if (request.symbols.empty()) return refuse_request(request, "Malformed request", {}, wall);
  for (const std::string& symbol : request.symbols) {
    if (book) {
      subscribe_book(request, symbol, wall);
    } else {
      subscribe_trades(request, symbol, wall);
    }
  }
}

void Session::begin_subscription(Duration wall) {
  if (!subscribed_ever_) next_heartbeat_ = wall + exchange_.settings().heartbeat;
  subscribed_ever_ = true;
  exchange_.on_subscription(wall);
}

void Session::subscribe_book(const ClientRequest& request, std::string_view symbol, Duration wall) {
  const std::optional<std::size_t> market = exchange_.find(symbol);
  if (!market) return refuse_request(request, fmt::format("Currency pair not supported {}", symbol), symbol, wall);
  if (book_depth(*market) != 0) return refuse_request(request, "Already subscribed", symbol, wall);
  begin_subscription(wall);
  const auto depth = static_cast<std::size_t>(request.depth.value_or(usual_book_depth));
  const Frame snapshot = exchange_.book_snapshot(*market, depth, wall);
  book_depths_[*market] = depth;
  reply(request, symbol, wall);
  if (request.snapshot.value_or(true)) send(snapshot, wall);
}

void Session::subscribe_trades(const ClientRequest& request, std::string_view symbol, Duration wall) {
  const std::optional<std::size_t> market = exchange_.find(symbol);
  if (!market) return refuse_request(request, fmt::format("Currency pair not supported {}", symbol), symbol, wall);
  const MarketSet bit = MarketSet{1} << *market;
  if ((subscriptions_ & bit) != 0) return refuse_request(request, "Already subscribed", symbol, wall);
  begin_subscription(wall);
  subscriptions_ |= bit;
  reply(request, symbol, wall);
  if (!request.snapshot.value_or(false)) return;
  if (const Frame snapshot = exchange_.snapshot(*market, wall)) send(snapshot, wall);
}

void Session::unsubscribe(const ClientRequest& request, Duration wall) {
  const bool book = request.channel == "book";
  if (!book && request.channel != "trade") return refuse_request(request, "Subscription name invalid", {}, wall);
  for (const std::string& symbol : request.symbols) {
    if (book) {
      unsubscribe_book(request, symbol, wall);
      continue;
    }
    const std::optional<std::size_t> market = exchange_.find(symbol);
    const MarketSet bit = market ? MarketSet{1} << *market : 0;
    if ((subscriptions_ & bit) == 0) {
      refuse_request(request, "Subscription Not Found", symbol, wall);
      continue;
    }
    subscriptions_ &= ~bit;
    reply(request, symbol, wall);
  }
}

void Session::unsubscribe_book(const ClientRequest& request, std::string_view symbol, Duration wall) {
  const std::optional<std::size_t> market = exchange_.find(symbol);
  const std::size_t depth = market ? book_depth(*market) : 0;
  if (depth == 0 || request.depth.value_or(usual_book_depth) != static_cast<std::int64_t>(depth)) {
    return refuse_request(request, "Subscription Not Found", symbol, wall);
  }
  book_depths_.erase(*market);
  reply(request, symbol, wall);
}

void Session::reply(const ClientRequest& request, std::string_view symbol, Duration wall) {
  const bool book = request.channel == "book";
  std::string text =
      fmt::format("{{\"method\":\"{}\",\"result\":{{\"channel\":\"{}\",", method_text(request.method), book ? "book" : "trade");
  if (book) text += fmt::format("\"depth\":{},", request.depth.value_or(usual_book_depth));
  if (request.method == ClientMethod::subscribe)
    text += fmt::format("\"snapshot\":{},", request.snapshot.value_or(book));
  text += fmt::format("\"symbol\":{}}},\"success\":true,", json_string(symbol));
  send(make_frame(text + times_and_id(request, exchange_.now(wall))), wall);
}

void Session::refuse_request(const ClientRequest& request, std::string_view error, std::string_view symbol,
                             Duration wall) {
  std::string text = fmt::format("{{\"error\":{},\"method\":\"{}\",\"success\":false,", json_string(error),
                                 method_text(request.method));
  if (!symbol.empty()) text += fmt::format("\"symbol\":{},", json_string(symbol));
  send(make_frame(text + times_and_id(request, exchange_.now(wall))), wall);
}

void Session::tick(Duration wall) {
  if (ended_) return;
  if (subscribed_ever_ && wall >= next_heartbeat_) {
    send(heartbeat_frame(), wall);
    next_heartbeat_ = std::max(next_heartbeat_ + exchange_.settings().heartbeat, wall);
  }
  const Duration idle = exchange_.settings().limits.idle;
  if (idle.ns > 0 && subscriptions_ == 0 && book_depths_.empty() && wall - last_request_ >= idle) {
    close(normal_close, "idle");
  }
}

}  // namespace candled::simulator
