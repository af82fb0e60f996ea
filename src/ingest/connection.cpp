#include "ingest/connection.hpp"

#include <algorithm>
#include <utility>

namespace candled::ingest {
namespace {

constexpr Duration look_blocked =
    Duration::milliseconds(400);  // between two looks: the thread was kept, not the exchange
constexpr int silent_looks_max = 3;

}  // namespace

Connection::Connection(net::Loop& loop, std::unique_ptr<net::WebSocketSession> session, MessagePace pace, Duration now)
    : loop_(loop), session_(std::move(session)), pace_(pace), opened_(now), heard_(now) {}

net::Task<Result<std::string_view>> Connection::read() {
  Result<std::string_view> text = co_await session_->read();
  if (!text && !fault_.empty()) co_return reconnect(fault_);
  co_return text;
}

// One write at a time; what comes meanwhile waits its turn.
void Connection::send(std::string message) {
  outbox_.push_back(std::move(message));
  if (std::exchange(writing_, true)) return;
  loop_.spawn(say(shared_from_this()));
}

void Connection::send(std::vector<StreamRequest> requests) {
  for (StreamRequest& request : requests) send(std::move(request.text));
}

net::Task<void> Connection::say(std::shared_ptr<Connection> self) {
  while (!self->outbox_.empty()) {
    const Duration wait = self->pace_.wait(self->loop_.now());
    if (wait.ns > 0) {
      co_await self->loop_.sleep(wait);
      if (self->loop_.stopping() || !self->fault_.empty()) co_return;
      continue;
    }
    std::string message = std::move(self->outbox_.front());
    self->outbox_.erase(self->outbox_.begin());
    self->pace_.sent(self->loop_.now());
    Result<void> done = co_await self->session_->write(std::move(message));
    if (done) continue;
    self->cut("cannot write: " + done.error().message);
    co_return;
  }
  self->writing_ = false;
}

bool Connection::is_dead(Duration now, Duration since_last_look, Duration watchdog) {
  if (since_last_look > look_blocked || silence(now) <= watchdog) {
    silent_looks_ = 0;
    return false;
  }
  return ++silent_looks_ > silent_looks_max;
}

void Connection::cut(std::string why) {
  if (fault_.empty()) fault_ = std::move(why);
  session_->abort();
}

}  // namespace candled::ingest
