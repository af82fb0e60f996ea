// Task<T>: a coroutine that returns a T. It starts when it is awaited, on the thread of its loop, and resumes its caller when it is done.
// The holder of a task owns its frame: destroying it while it waits destroys everything that it awaits.
//
// Each co_await is a statement of its own: g++ 12 miscompiles one inside a condition.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace candled::net {

template <class T>
class Task;

namespace detail {

// What the promises of all tasks share.
struct TaskPromise {
  std::coroutine_handle<> caller;
  std::exception_ptr error;  // a broken invariant or no memory: expected failures are values

  struct ToCaller {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
      return done.promise().caller;
    }
    void await_resume() const noexcept {}
  };
  std::suspend_always initial_suspend() const noexcept { return {}; }
  ToCaller final_suspend() const noexcept { return {}; }
  void unhandled_exception() { error = std::current_exception(); }
};

template <class T>
struct ValuePromise : TaskPromise {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class From>
  void return_value(From&& from) {
    value.emplace(std::forward<From>(from));
  }
  T take() { return std::move(*value); }
};

template <>
struct ValuePromise<void> : TaskPromise {
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::ValuePromise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle frame) : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  Handle await_suspend(std::coroutine_handle<> caller) noexcept {
    frame_.promise().caller = caller;
    return frame_;
  }
  T await_resume() {
    if (frame_.promise().error) std::rethrow_exception(frame_.promise().error);
    return frame_.promise().take();
  }

 private:
  Handle frame_;
};

namespace detail {

template <class T>
Task<T> ValuePromise<T>::get_return_object() {
  return Task<T>(Task<T>::Handle::from_promise(*this));
}
inline Task<void> ValuePromise<void>::get_return_object() {
  return Task<void>(Task<void>::Handle::from_promise(*this));
}

}  // namespace detail

// Awaits one callback of a world: start(done) begins what will call done(T). It is owned by the coroutine's frame, or by
// something destroyed before it.
template <class T, class Start>
class Callback {
 public:
  explicit Callback(Start start) : start_(std::move(start)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    start_([this, waiting](T value) {
      value_.emplace(std::move(value));
      waiting.resume();
    });
  }
  T await_resume() { return std::move(*value_); }

 private:
  Start start_;
  std::optional<T> value_;
};

template <class T, class Start>
Callback<T, Start> callback(Start start) {
  return Callback<T, Start>(std::move(start));
}

}  // namespace candled::net
