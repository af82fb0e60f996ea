// Threads that run one function: a TaskThread once, a WorkerThread now and then. Stages run in a Pipeline.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "candled/domain/time.hpp"

namespace candled::flow {

// Names the calling thread (15 characters) as `top -H` and a debugger show it.
void name_this_thread(const std::string& name);
// SCHED_BATCH and nice 19: hardly runs while anybody else wants the core. Not SCHED_IDLE: on a busy machine that gets no processor for seconds,
// and others wait as long for a lock that it holds then.
void lower_this_thread();

// What this process may run at the same time; at least 1.
std::size_t processor_count();

// The calling thread sleeps.
void pause(Duration duration);

// What an exception says, for a line; too little memory in words. Valid as long as the exception.
const char* reason_of(const std::exception& error) noexcept;
// One line on standard error, and the process ends with exit code 1: start-up is recovery.
[[noreturn]] void end_process(const char* thread, const std::exception& error) noexcept;

// The whole work of a thread: what it throws ends the process as above, instead of aborting it. All threads here run so.
template <class Work>
void run_guarded(const std::string& thread, Work&& work) {
  try {
    work();
  } catch (const std::exception& error) {
    end_process(thread.c_str(), error);
  }
}

// Runs one function, such as the feed's loop, on a thread of its own. The function decides when it returns; the
// destructor waits for it.
class TaskThread {
 public:
  TaskThread(std::string name, std::function<void()> task);
  ~TaskThread() { join(); }
  void join();

 private:
  std::thread thread_;
};

// Calls work(stop) every period, and at once after nudge(), with low priority; the trainer runs here.
class WorkerThread {
 public:
  WorkerThread(std::string name, Duration period, std::function<void(std::stop_token)> work);
  ~WorkerThread() { stop(); }
  void start_with_low_priority();
  void nudge();  // any thread
  void request_stop() { thread_.request_stop(); }
  // Asks work to stop and waits for it.
  void stop();
  // The same for so long at most. False: it has not ended. The object must then outlive the thread, which only the end of the
  // process can bring about: a thread of low priority may get no processor at all on a loaded machine.
  bool stop_within(Duration patience);

 private:
  void run(std::stop_token stop);

  std::string name_;
  Duration period_;
  std::function<void(std::stop_token)> work_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool nudged_ = false;
  bool ended_ = false;
  std::jthread thread_;
};

// Ends the process where its own end takes too long: on a machine so busy that a thread of low priority gets no processor, whoever joins it or
// needs its lock would wait as long. The destructor is the end in time.
class StopDeadline {
 public:
  // After patience: one line on standard error, and the process ends at once with the exit code that is asked for then, on another thread.
  StopDeadline(Duration patience, std::function<int()> exit_code);
  ~StopDeadline();

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;
};

}  // namespace candled::flow
