// OwedWork: work on a thread of its own, some time after it is owed. Nothing wakes while nothing is owed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "candled/domain/time.hpp"

namespace candled::flow {

class OwedWork {
 public:
  // The work is done once for all that was owed, `within` after the first of it; false: it is not to be done any more.
  OwedWork(std::string name, Duration within, std::function<bool()> work);
  // Does at once what is owed, and waits for it.
  ~OwedWork();
  OwedWork(const OwedWork&) = delete;
  OwedWork& operator=(const OwedWork&) = delete;

  void owe();  // one thread; cheap while it is owed already

 private:
  void run();

  const std::string name_;
  const Duration within_;
  const std::function<bool()> work_;
  std::atomic<bool> owed_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace candled::flow
