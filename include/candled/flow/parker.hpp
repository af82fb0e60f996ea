// Parker: where one thread sleeps while it has nothing to do (a futex word; an idle thread costs no CPU). A copy is the same place, and
// keeps it: whoever wakes a thread holds a copy, so that the thread may be gone by then.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace candled::flow {

class Parker {
 public:
  // Owner thread: announce the intention to sleep; then look for work once more; then park() or stay_awake().
  void prepare() { word_->store(wants_sleep, std::memory_order_seq_cst); }
  void stay_awake() { word_->store(awake, std::memory_order_relaxed); }
  void park() {
    word_->wait(wants_sleep);
    stay_awake();
  }

  // Any thread, after it has published work. A read-modify-write, so that it is ordered after that publication:
  // either the owner's second look sees the work, or this sees the owner's intention.
  void wake() const {
    if (word_->fetch_and(~wants_sleep, std::memory_order_seq_cst) == wants_sleep) word_->notify_one();
  }

 private:
  static constexpr std::uint32_t awake = 0;
  static constexpr std::uint32_t wants_sleep = 1;
  std::shared_ptr<std::atomic<std::uint32_t>> word_ = std::make_shared<std::atomic<std::uint32_t>>(awake);
};

}  // namespace candled::flow
