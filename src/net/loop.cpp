#include "net/loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>

namespace candled::net {
namespace {

std::chrono::nanoseconds chrono_of(Duration time) { return std::chrono::nanoseconds(time.ns); }

}  // namespace

Loop::OnStop::OnStop(Loop& loop, std::function<void()> act)
    : loop_(loop), place_(loop.stop_acts_.insert(loop.stop_acts_.end(), std::move(act))) {}

void Loop::spawn(Task<void> work) {
  ++coroutines_;
  asio::co_spawn(io_, std::move(work), [this](std::exception_ptr error) {
    --coroutines_;
    // Expected failures are values here; an exception is a broken invariant or no memory, and ends the process.
    if (error) std::rethrow_exception(error);
  });
}

Task<void> Loop::sleep(Duration time) {
  if (stopping_ || time.ns <= 0) co_return;
  asio::steady_timer timer(io_, chrono_of(time));
  const OnStop wake(*this, [&timer] { timer.cancel(); });
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

bool Loop::run(Duration grace) {
  io_.run();
  if (stopping_ && coroutines_ > 0) {
    io_.restart();
    const auto deadline = std::chrono::steady_clock::now() + chrono_of(grace);
    while (coroutines_ > 0 && io_.run_one_until(deadline) > 0) {
    }
  }
  return coroutines_ == 0;
}

void Loop::request_stop() {
  asio::post(io_, [this] { stop(); });
}

void Loop::stop() {
  if (stopping_) return;
  stopping_ = true;
  // Each act may end a wait, which may remove its own entry only later, from the loop.
  for (auto& act : stop_acts_) act();
  io_.stop();  // back to run(), which goes on with a deadline
}

Task<void> Signal::wait(Duration limit) {
  if (loop_.stopping()) co_return;
  asio::steady_timer timer(loop_.io(), chrono_of(limit));
  waiting_.push_back(&timer);
  const Loop::OnStop wake(loop_, [&timer] { timer.cancel(); });
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  std::erase(waiting_, &timer);
}

void Signal::notify() {
  for (asio::steady_timer* timer : waiting_) timer->cancel();
}

}  // namespace candled::net
