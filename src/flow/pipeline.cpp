#include "candled/flow/pipeline.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "candled/domain/result.hpp"
#include "candled/flow/parker.hpp"
#include "candled/flow/thread.hpp"

namespace candled::flow {

// Stages that one thread polls in turns.
class Pipeline::Row {
 public:
  explicit Row(std::vector<Stage*> stages) : stages_(std::move(stages)), done_(stages_.size(), false) {}

  bool poll() {
    bool moved = false;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      if (done_[i]) continue;
      const Progress progress = stages_[i]->poll();
      done_[i] = progress == Progress::done;
      moved |= progress != Progress::idle;
    }
    return moved;
  }
  bool done() const { return std::ranges::find(done_, false) == done_.end(); }
  const std::vector<Stage*>& stages() const { return stages_; }

 private:
  std::vector<Stage*> stages_;
  std::vector<bool> done_;
};

// Polls its stages until all are done, and parks when there is nothing to do: at once after a single event (a heartbeat a
// second must not cost a dozen switches each), after some yields where events came one after the other.
class Pipeline::Thread {
 public:
  Thread(std::string name, std::vector<Stage*> stages) : name_(std::move(name)), row_(std::move(stages)) {
    for (Stage* stage : row_.stages()) stage->attach(parker_);
  }
  void start() {
    thread_ = std::thread([this] { run_guarded(name_, [this] { run(); }); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run() {
    name_this_thread(name_);
    constexpr int yields_before_parking = 16, busy_rounds_of_a_stream = 8;
    int idle_rounds = 0;
    std::int64_t busy_rounds = 0;  // since it slept
    while (!row_.done()) {
      if (row_.poll()) {
        idle_rounds = 0;
        ++busy_rounds;
      } else if (busy_rounds >= busy_rounds_of_a_stream && ++idle_rounds < yields_before_parking) {
        std::this_thread::yield();
      } else {
        parker_.prepare();
        if (row_.poll()) {
          parker_.stay_awake();
        } else {
          parker_.park();
          busy_rounds = 0;
        }
        idle_rounds = 0;
      }
    }
  }

  const std::string name_;
  Row row_;
  Parker parker_;
  std::thread thread_;
};

Pipeline::Pipeline(std::vector<Stage*> stages) : row_(std::make_unique<Row>(std::move(stages))) {}
Pipeline::~Pipeline() = default;
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;

bool Pipeline::poll() { return row_->poll(); }

void Pipeline::drain() {
  while (row_->poll()) {
  }
}

void Pipeline::start(const std::vector<Group>& groups) {
  auto next = row_->stages().begin();
  for (const Group& group : groups) {
    if (group.stages > static_cast<std::size_t>(row_->stages().end() - next))
      invariant_failed("more stages to run than there are");
    const auto first = std::exchange(next, next + static_cast<std::ptrdiff_t>(group.stages));
    threads_.push_back(std::make_unique<Thread>(group.name, std::vector<Stage*>(first, next)));
  }
  if (next != row_->stages().end()) invariant_failed("a stage without a thread");
  for (const auto& thread : threads_) thread->start();
}

void Pipeline::join() {
  for (const auto& thread : threads_) thread->join();
}

}  // namespace candled::flow
