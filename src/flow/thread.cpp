#include "candled/flow/thread.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace candled::flow {

void name_this_thread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

void lower_this_thread() {
  const sched_param none{};
  pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);  // best effort: a container may refuse it
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
}

std::size_t processor_count() { return std::max(1U, std::thread::hardware_concurrency()); }

void pause(Duration duration) { std::this_thread::sleep_for(std::chrono::nanoseconds(duration.ns)); }

StageThread::StageThread(std::string name, std::vector<Stage*> stages)
    : name_(std::move(name)), stages_(std::move(stages)), done_(stages_.size(), false) {}

void StageThread::start() { thread_ = std::thread([this] { run(); }); }

void StageThread::join() {
  if (thread_.joinable()) thread_.join();
}

bool StageThread::poll_all() {
  bool busy = false;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    if (done_[i]) continue;
    const Progress progress = stages_[i]->poll();
    done_[i] = progress == Progress::done;
    busy |= progress != Progress::idle;
  }
  return busy;
}

void StageThread::run() {
  name_this_thread(name_);
  constexpr int yields_before_parking = 16;
  int idle_rounds = 0;
  while (std::find(done_.begin(), done_.end(), false) != done_.end()) {
    if (poll_all()) {
      idle_rounds = 0;
    } else if (++idle_rounds < yields_before_parking) {
      std::this_thread::yield();
    } else {
      parker_.prepare();
      if (poll_all()) {
        parker_.stay_awake();
      } else {
        parker_.park();
      }
      idle_rounds = 0;
    }
  }
}

TaskThread::TaskThread(std::string name, std::function<void()> task)
    : thread_([thread_name = std::move(name), run = std::move(task)] {
        name_this_thread(thread_name);
        run();
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

void WorkerThread::run(std::stop_token stop) {
  name_this_thread(name_);
  lower_this_thread();
  while (!stop.stop_requested()) {
    work_(stop);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, std::chrono::nanoseconds(period_.ns), [this] { return nudged_; });
    nudged_ = false;
  }
}

}  // namespace candled::flow
