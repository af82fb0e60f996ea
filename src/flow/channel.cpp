#include "candled/flow/channel.hpp"

#include <algorithm>
#include <atomic>
#include <list>
#include <thread>
#include <utility>

#include "flow/ring.hpp"

namespace candled::flow {

namespace {

// Where the thread of one end sleeps, as the other end sees it.
class Sleeper {
 public:
  // The end's thread, now and then. What was attached before stays, since the other end may be about to wake it.
  void attach(const Parker& parker) { newest_.store(&attached_.emplace_back(parker), std::memory_order_release); }
  // The end's thread; null before attach().
  Parker* own() { return attached_.empty() ? nullptr : &attached_.back(); }
  // The other end's thread.
  void wake() const {
    if (const Parker* parker = newest_.load(std::memory_order_acquire)) parker->wake();
  }

 private:
  std::list<Parker> attached_;
  std::atomic<const Parker*> newest_{nullptr};
};

}  // namespace

class ChannelCore {
 public:
  explicit ChannelCore(std::size_t capacity) : queue(capacity) {}

  Ring<Event> queue;
  std::atomic<bool> closed{false};
  Sleeper sender;
  Sleeper receiver;
};

Sender::Sender(std::shared_ptr<ChannelCore> core) : core_(std::move(core)) {}

Sender::~Sender() {
  if (core_) close();
}

bool Sender::try_push(Event&& event) { return core_->queue.push(std::move(event)); }

void Sender::push(Event event) {
  constexpr int spins = 64;
  for (int spin = 0; core_->queue.full(); ++spin) {
    flush();
    Parker* parker = core_->sender.own();
    if (spin < spins || parker == nullptr) {
      std::this_thread::yield();
      continue;
    }
    parker->prepare();
    if (core_->queue.full()) {
      parker->park();
    } else {
      parker->stay_awake();
    }
  }
  core_->queue.push(std::move(event));
}

bool Sender::full() { return core_->queue.full(); }

void Sender::flush() { core_->receiver.wake(); }

void Sender::close() {
  core_->closed.store(true, std::memory_order_release);
  flush();
}

void Sender::attach(Parker& parker) { core_->sender.attach(parker); }

Receiver::Receiver(std::shared_ptr<ChannelCore> core) : core_(std::move(core)) {}

std::optional<Event> Receiver::pop() { return core_->queue.pop(); }

Event* Receiver::front() { return core_->queue.front(); }

void Receiver::drop() { core_->queue.drop(); }

bool Receiver::empty() const { return core_->queue.size() == 0; }

void Receiver::release() { core_->sender.wake(); }

bool Receiver::finished() const {
  // The order matters: what was sent before the close must be seen by the second look.
  return core_->closed.load(std::memory_order_acquire) && empty();
}

std::size_t Receiver::was_size() const { return core_->queue.size(); }

void Receiver::attach(Parker& parker) { core_->receiver.attach(parker); }

Channel make_channel(std::size_t capacity) {
  auto core = std::make_shared<ChannelCore>(std::max<std::size_t>(capacity, 1));
  return {Sender(core), Receiver(core)};
}

}  // namespace candled::flow
