// Threads of the daemon. A StageThread polls one stage or several in a row; a WorkerThread calls one function now and then.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "candled/domain/time.hpp"
#include "candled/flow/parker.hpp"
#include "candled/flow/stage.hpp"

namespace candled::flow {

// Names the calling thread (15 characters) as `top -H` and a debugger show it.
void name_this_thread(const std::string& name);
// SCHED_IDLE and nice 19: runs when nobody else wants the core.
void lower_this_thread();

// What this process may run at the same time; at least 1.
std::size_t processor_count();

// The calling thread sleeps.
void pause(Duration duration);

// Polls the stages in the given order until all are done: spins shortly when idle, yields, then parks. The stages must
// outlive the thread, and their channel ends must be attached to parker() before start().
class StageThread {
 public:
  StageThread(std::string name, std::vector<Stage*> stages);
  Parker& parker() { return parker_; }
  void start();
  // Returns when every stage is done.
  void join();

 private:
  void run();
  bool poll_all();

  std::string name_;
  std::vector<Stage*> stages_;
  std::vector<bool> done_;
  Parker parker_;
  std::thread thread_;
};

// Runs one function, the feed's or the server's loop, on a thread of its own. The function returns by its own rules; the
// destructor waits for it.
class TaskThread {
 public:
  TaskThread(std::string name, std::function<void()> task);
  ~TaskThread() { join(); }
  void join();

 private:
  std::thread thread_;
};

// Calls work(stop) every period, and at once after nudge(); the low-priority home of the trainer.
class WorkerThread {
 public:
  WorkerThread(std::string name, Duration period, std::function<void(std::stop_token)> work);
  ~WorkerThread() { stop(); }
  void start_with_low_priority();
  void nudge();  // any thread
  void request_stop() { thread_.request_stop(); }
  // Asks work to stop and waits for it.
  void stop();

 private:
  void run(std::stop_token stop);

  std::string name_;
  Duration period_;
  std::function<void(std::stop_token)> work_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool nudged_ = false;
  std::jthread thread_;
};

}  // namespace candled::flow
