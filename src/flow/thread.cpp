#include "candled/flow/thread.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>
#include <utility>

namespace candled::flow {

void name_this_thread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

void lower_this_thread() {
  const sched_param none{};
  pthread_setschedparam(pthread_self(), SCHED_BATCH, &none);  // best effort: a container may refuse it
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
}

std::size_t processor_count() { return std::max(1U, std::thread::hardware_concurrency()); }

void pause(Duration duration) { std::this_thread::sleep_for(std::chrono::nanoseconds(duration.ns)); }

const char* reason_of(const std::exception& error) noexcept {
  return dynamic_cast<const std::bad_alloc*>(&error) == nullptr
             ? error.what()
             : "there is too little memory: give the process more, or stop what else uses it";
}

void end_process(const char* thread, const std::exception& error) noexcept {
  std::fprintf(stderr, "candled: %s: %s; ended at once, start it again: it goes on from what is stored\n", thread,
               reason_of(error));
  std::_Exit(1);
}

TaskThread::TaskThread(std::string name, std::function<void()> task)
    : thread_([thread_name = std::move(name), run = std::move(task)] {
        name_this_thread(thread_name);
        run_guarded(thread_name, run);
      }) {}

void TaskThread::join() {
  if (thread_.joinable()) thread_.join();
}

WorkerThread::WorkerThread(std::string name, Duration period, std::function<void(std::stop_token)> work)
    : name_(std::move(name)), period_(period), work_(std::move(work)) {}

void WorkerThread::start_with_low_priority() {
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void WorkerThread::nudge() {
  {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
  }
  changed_.notify_all();
}

void WorkerThread::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

bool WorkerThread::stop_within(Duration patience) {
  thread_.request_stop();
  if (!thread_.joinable()) return true;
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::nanoseconds(patience.ns), [this] { return ended_; })) return false;
  }
  thread_.join();
  return true;
}

void WorkerThread::run(std::stop_token stop) {
  name_this_thread(name_);
  lower_this_thread();
  while (!stop.stop_requested()) {
    run_guarded(name_, [&] { work_(stop); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, std::chrono::nanoseconds(period_.ns), [this] { return nudged_; });
    nudged_ = false;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

StopDeadline::StopDeadline(Duration patience, std::function<int()> exit_code)
    : thread_([this, patience, code = std::move(exit_code)](const std::stop_token& stop) {
        name_this_thread("stop deadline");
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, std::chrono::nanoseconds(patience.ns), [] { return false; });
        if (stop.stop_requested()) return;
        // Not through the log or the heap: their locks may be what is waited for.
        constexpr std::string_view line =
            "candled: a busier machine gave its threads no time to end: left as it is; the next start goes on from "
            "what is stored\n";
        if (::write(STDERR_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
        std::_Exit(code());
      }) {}

StopDeadline::~StopDeadline() { thread_.request_stop(); }

}  // namespace candled::flow
