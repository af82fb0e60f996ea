#include "candled/net/loop.hpp"

#include <utility>

namespace candled::net {

// Its frame goes by itself at its end, and is dropped by the loop when it is not allowed to get there.
struct Loop::Root {
  struct promise_type {
    Root get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    // Expected failures are values here; an exception is a broken invariant or no memory: it leaves run() and ends the process.
    void unhandled_exception() { throw; }
  };
  // The first thing that a root does: it waits for the world to get to it, and learns its own handle.
  struct Begin {
    Loop& loop;
    std::coroutine_handle<> frame = nullptr;
    std::unique_ptr<flow::Pending> started = nullptr;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> me) {
      frame = me;
      started = loop.world_.after({}, [me] { me.resume(); });
    }
    std::coroutine_handle<> await_resume() const noexcept { return frame; }
  };
  std::coroutine_handle<> frame;
};

Loop::~Loop() {
  *alive_ = false;
  drop_all();
}

Loop::Root Loop::root(Task<void> work) {
  Root::Begin begin{*this};
  const std::coroutine_handle<> me = co_await begin;
  co_await work;
  ended(me);
}

void Loop::spawn(Task<void> work) {
  const Root made = root(std::move(work));
  roots_.push_back(made.frame);
  made.frame.resume();  // to where it waits for the world
}

void Loop::ended(std::coroutine_handle<> frame) {
  roots_.remove(frame);
  if (roots_.empty() && running_) world_.stop();
}

void Loop::drop_all() {
  while (!roots_.empty()) {
    const std::coroutine_handle<> frame = roots_.back();
    roots_.pop_back();
    frame.destroy();
  }
}

Task<void> Loop::sleep(Duration time) {
  if (stopping_ || time.ns <= 0) co_return;
  Wait wait(*this);
  const std::unique_ptr<flow::Pending> timer = world_.after(time, [&wait] { wait.over(); });
  co_await wait;
}

void Loop::run(Duration grace) {
  if (roots_.empty()) return;
  grace_ = grace;
  running_ = true;
  world_.run();
  running_ = false;
  grace_end_.reset();
  drop_all();
}

void Loop::request_stop() {
  world_.post([this, alive = alive_] {
    if (*alive) stop();
  });
}

void Loop::stop() {
  if (stopping_) return;
  stopping_ = true;
  // Each act may end a wait, which may remove its own entry only later, from the world's loop.
  for (auto& act : stop_acts_) act();
  grace_end_ = world_.after(grace_, [this] { world_.stop(); });
}

Loop::OnStop::OnStop(Loop& loop, std::function<void()> act)
    : loop_(loop), place_(loop.stop_acts_.insert(loop.stop_acts_.end(), std::move(act))) {}

void Wait::over() {
  if (std::exchange(over_, true) || !waiting_) return;
  going_on_ = loop_.world().after({}, [this] { waiting_.resume(); });
}

Task<void> Signal::wait(Duration limit) {
  if (loop_.stopping()) co_return;
  struct Place {  // in the list for as long as the wait lives
    std::list<Wait*>& list;
    std::list<Wait*>::iterator at;
    ~Place() { list.erase(at); }
  };
  Wait wait(loop_);
  const Place place{waiting_, waiting_.insert(waiting_.end(), &wait)};
  const std::unique_ptr<flow::Pending> timer = loop_.world().after(limit, [&wait] { wait.over(); });
  co_await wait;
}

void Signal::notify() {
  for (Wait* wait : waiting_) wait->over();
}

}  // namespace candled::net
