#include "candled/flow/channel.hpp"

#include <algorithm>
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <thread>

namespace candled::flow {

class ChannelCore {
 public:
  explicit ChannelCore(std::size_t capacity) : queue(capacity) {}
  // Both ends are gone: what nobody took is freed with the channel.
  ~ChannelCore() {
    for (Event event; queue.pop(event);) event.dispose();
  }

  static void wake(const std::atomic<Parker*>& parker) {
    if (Parker* p = parker.load(std::memory_order_acquire)) p->wake();
  }

  boost::lockfree::spsc_queue<Event> queue;
  std::atomic<bool> closed{false};
  std::atomic<Parker*> sender_parker{nullptr};
  std::atomic<Parker*> receiver_parker{nullptr};
};

Sender::Sender(std::shared_ptr<ChannelCore> core) : core_(std::move(core)) {}

Sender::~Sender() {
  if (core_) close();
}

bool Sender::try_push(const Event& event) { return core_->queue.push(event); }

void Sender::push(const Event& event) {
  constexpr int spins = 64;
  for (int spin = 0; !core_->queue.push(event); ++spin) {
    flush();
    Parker* parker = core_->sender_parker.load(std::memory_order_relaxed);
    if (spin < spins || parker == nullptr) {
      std::this_thread::yield();
      continue;
    }
    parker->prepare();
    if (core_->queue.write_available() > 0) {
      parker->stay_awake();
    } else {
      parker->park();
    }
  }
}

std::size_t Sender::room() const { return core_->queue.write_available(); }

void Sender::flush() { ChannelCore::wake(core_->receiver_parker); }

void Sender::close() {
  core_->closed.store(true, std::memory_order_release);
  flush();
}

void Sender::attach(Parker& parker) { core_->sender_parker.store(&parker, std::memory_order_release); }

Receiver::Receiver(std::shared_ptr<ChannelCore> core) : core_(std::move(core)) {}

Event* Receiver::front() { return core_->queue.read_available() > 0 ? &core_->queue.front() : nullptr; }

void Receiver::pop() { core_->queue.pop(); }

void Receiver::release() { ChannelCore::wake(core_->sender_parker); }

bool Receiver::finished() const {
  // The order matters: what was sent before the close must be seen by the second look.
  return core_->closed.load(std::memory_order_acquire) && core_->queue.read_available() == 0;
}

std::size_t Receiver::was_size() const { return core_->queue.read_available(); }

void Receiver::attach(Parker& parker) { core_->receiver_parker.store(&parker, std::memory_order_release); }

Channel make_channel(std::size_t capacity) {
  auto core = std::make_shared<ChannelCore>(std::max<std::size_t>(capacity, 1));
  return {Sender(core), Receiver(core)};
}

}  // namespace candled::flow
