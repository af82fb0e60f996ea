#include "candled/flow/owed_work.hpp"

#include <chrono>
#include <utility>

#include "candled/flow/thread.hpp"

namespace candled::flow {

OwedWork::OwedWork(std::string name, Duration within, std::function<bool()> work)
    : name_(std::move(name)), within_(within), work_(std::move(work)), thread_([this] {
        name_this_thread(name_);
        run_guarded(name_, [this] { run(); });
      }) {}

OwedWork::~OwedWork() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void OwedWork::owe() {
  if (owed_.exchange(true)) return;
  {
    const std::lock_guard lock(mutex_);
  }  // run() waits, or has not looked yet
  changed_.notify_all();
}

void OwedWork::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || owed_; });
    if (!owed_) return;
    changed_.wait_for(lock, std::chrono::nanoseconds(within_.ns), [this] { return stopping_; });
    owed_ = false;  // what comes from here on is owed again
    lock.unlock();
    if (!work_()) return;
    lock.lock();
  }
}

}  // namespace candled::flow
