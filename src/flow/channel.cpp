#include "candled/flow/channel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "flow/ring.hpp"

namespace candled::flow {

class ChannelCore {
 public:
  explicit ChannelCore(std::size_t capacity) : queue(capacity) {}

  static void wake(const std::atomic<Parker*>& parker) {
    if (Parker* p = parker.load(std::memory_order_acquire)) p->wake();
  }

  Ring<Event> queue;
  std::atomic<bool> closed{false};
  std::atomic<Parker*> sender_parker{nullptr};
  std::atomic<Parker*> receiver_parker{nullptr};
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
    Parker* parker = core_->sender_parker.load(std::memory_order_relaxed);
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

void Sender::flush() { ChannelCore::wake(core_->receiver_parker); }

void Sender::close() {
  core_->closed.store(true, std::memory_order_release);
  flush();
}

void Sender::attach(Parker& parker) { core_->sender_parker.store(&parker, std::memory_order_release); }

Receiver::Receiver(std::shared_ptr<ChannelCore> core) : core_(std::move(core)) {}

std::optional<Event> Receiver::pop() { return core_->queue.pop(); }

Event* Receiver::front() { return core_->queue.front(); }

void Receiver::drop() { core_->queue.drop(); }

bool Receiver::empty() const { return core_->queue.size() == 0; }

void Receiver::release() { ChannelCore::wake(core_->sender_parker); }

bool Receiver::finished() const {
  // The order matters: what was sent before the close must be seen by the second look.
  return core_->closed.load(std::memory_order_acquire) && empty();
}

std::size_t Receiver::was_size() const { return core_->queue.size(); }

void Receiver::attach(Parker& parker) { core_->receiver_parker.store(&parker, std::memory_order_release); }

Channel make_channel(std::size_t capacity) {
  auto core = std::make_shared<ChannelCore>(std::max<std::size_t>(capacity, 1));
  return {Sender(core), Receiver(core)};
}

}  // namespace candled::flow
