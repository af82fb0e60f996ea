// Loop: the io_context that all coroutines of one run share, their number, and the stop that cuts every wait short.
//
// A coroutine asks stopping() after each wait and returns when it says so. One thread; only request_stop() may come from another.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <vector>

#include "candled/flow/clock.hpp"

namespace candled::net {

namespace asio = boost::asio;

// A coroutine. Each co_await is a statement of its own: g++ 12 makes wrong code for one inside a condition.
template <class T>
using Task = asio::awaitable<T>;

class Loop {
 public:
  Loop() : io_(1) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  asio::io_context& io() { return io_; }
  bool stopping() const { return stopping_; }
  Duration now() const { return flow::monotonic_now(); }
  Timestamp wall_now() const { return flow::wall_now(); }

  void spawn(Task<void> work);
  // Cut short by a stop.
  Task<void> sleep(Duration time);

  // Until every coroutine has returned; after a stop for at most `grace`. False: some were still waiting then (a name
  // server that does not answer cannot be interrupted), and the loop and all that they use must be left alone for ever.
  bool run(Duration grace);
  // Any thread.
  void request_stop();

  // Calls a function on the stop, as long as it lives: closes a socket, wakes a timer.
  class OnStop {
   public:
    OnStop(Loop& loop, std::function<void()> act);
    ~OnStop() { loop_.stop_acts_.erase(place_); }
    OnStop(const OnStop&) = delete;
    OnStop& operator=(const OnStop&) = delete;

   private:
    Loop& loop_;
    std::list<std::function<void()>>::iterator place_;
  };

 private:
  void stop();

  asio::io_context io_;
  std::list<std::function<void()>> stop_acts_;
  bool stopping_ = false;
  int coroutines_ = 0;
};

// Something that coroutines of one loop wait for. They are woken in the order in which they came.
class Signal {
 public:
  explicit Signal(Loop& loop) : loop_(loop) {}
  // Returns after the next notify(), after `limit` at the latest, or on a stop.
  Task<void> wait(Duration limit);
  void notify();

 private:
  Loop& loop_;
  std::vector<asio::steady_timer*> waiting_;
};

}  // namespace candled::net
