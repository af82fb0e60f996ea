// Loop: runs coroutines over a world, with a stop that ends every wait.
//
// A coroutine asks stopping() after each wait and returns when it says so. One thread; only request_stop() may come from another.
#pragma once

#include <coroutine>
#include <functional>
#include <list>
#include <memory>

#include "candled/domain/time.hpp"
#include "candled/flow/world.hpp"
#include "candled/net/task.hpp"

namespace candled::net {

class Loop {
 public:
  // The world is not owned, and serves one loop at a time.
  explicit Loop(flow::World& world) : world_(world), alive_(std::make_shared<bool>(true)) {}
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  flow::World& world() { return world_; }
  Duration now() const { return world_.now(); }
  Timestamp wall_now() const { return world_.wall_now(); }
  bool stopping() const { return stopping_; }

  // Starts with run(), or as soon as that gets to it.
  void spawn(Task<void> work);
  // Cut short by a stop.
  Task<void> sleep(Duration time);

  // Until every coroutine has returned; after a stop for at most `grace`: what still waits then is dropped.
  void run(Duration grace);
  // Any thread.
  void request_stop();

  // Calls a function on the stop, as long as it lives: closes a stream, ends a wait.
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
  struct Root;  // a coroutine that nobody awaits
  Root root(Task<void> work);
  void ended(std::coroutine_handle<> frame);
  void drop_all();
  void stop();

  flow::World& world_;
  const std::shared_ptr<bool> alive_;  // set to false on destruction: a requested stop may come later
  std::list<std::coroutine_handle<>> roots_;
  std::list<std::function<void()>> stop_acts_;
  bool stopping_ = false;
  bool running_ = false;
  Duration grace_;
  std::unique_ptr<flow::Pending> grace_end_;
};

// One wait of one coroutine, which ends by over() or by a stop. It goes on from the world's loop a moment later, so over() may be
// called from anywhere.
class Wait {
 public:
  explicit Wait(Loop& loop) : loop_(loop), on_stop_(loop, [this] { over(); }) {}
  void over();

  bool await_ready() const noexcept { return over_; }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  void await_resume() const noexcept {}

 private:
  Loop& loop_;
  std::coroutine_handle<> waiting_;
  bool over_ = false;
  std::unique_ptr<flow::Pending> going_on_;
  const Loop::OnStop on_stop_;
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
  std::list<Wait*> waiting_;
};

}  // namespace candled::net
