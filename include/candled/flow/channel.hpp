// Channel: a bounded lock-free queue of events with one sender and one receiver.
//
// A push hands over an event with what it owns, a pop returns it; what nobody takes is freed with the channel. Nothing is dropped: a full
// channel makes the sender wait or do something else, and so pushes back to the socket. Wake-ups are batched: a stage calls flush() and
// release() at the end of a poll, not per event.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "candled/domain/event.hpp"
#include "candled/flow/parker.hpp"

namespace candled::flow {

class ChannelCore;

// The writing end. Movable, not copyable; used by one thread at a time.
class Sender {
 public:
  explicit Sender(std::shared_ptr<ChannelCore> core);
  Sender(Sender&&) noexcept = default;
  Sender& operator=(Sender&&) noexcept = default;
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender();

  // False when full: the event stays with the caller.
  bool try_push(Event&& event);
  // Waits while full; then attach() and a receiver on another thread are needed.
  void push(Event event);
  bool full();
  // Wakes the receiver's thread if it sleeps. Call after a batch of pushes.
  void flush();
  // No more events; the receiver sees this after the last one.
  void close();
  // The parker of the thread that runs this end; it is woken when there is room. The channel keeps a copy.
  void attach(Parker& parker);

 private:
  std::shared_ptr<ChannelCore> core_;
};

// The reading end. Movable, not copyable; used by one thread at a time.
class Receiver {
 public:
  explicit Receiver(std::shared_ptr<ChannelCore> core);
  Receiver(Receiver&&) noexcept = default;
  Receiver& operator=(Receiver&&) noexcept = default;
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  // The oldest event, or nothing when empty.
  std::optional<Event> pop();
  // The same in two steps, for who passes events on: where it lies, still the channel's, or null; then it is freed with what it
  // still owns.
  Event* front();
  void drop();
  bool empty() const;
  // Wakes the sender's thread if it waits for room. Call after a batch of pops.
  void release();
  // Closed by the sender and empty.
  bool finished() const;
  std::size_t was_size() const;  // may be outdated on return
  void attach(Parker& parker);

 private:
  std::shared_ptr<ChannelCore> core_;
};

struct Channel {
  Sender sender;
  Receiver receiver;
};

// capacity >= 1 events.
Channel make_channel(std::size_t capacity);

}  // namespace candled::flow
