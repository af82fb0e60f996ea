// Channel: a bounded lock-free queue of events with one sender and one receiver.
//
// Nothing is dropped: a full channel makes the sender wait or do something else, and so pushes back to the socket. Wake-ups
// are batched: a stage calls flush() and release() at the end of a poll, not per event.
#pragma once

#include <cstddef>
#include <memory>

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

  // False when full.
  bool try_push(const Event& event);
  // Waits while full; needs attach() and a receiver on another thread.
  void push(const Event& event);
  std::size_t room() const;
  // Wakes the receiver's thread if it sleeps. Call behind a batch of pushes.
  void flush();
  // No more events; the receiver sees it behind the last one.
  void close();
  // The parker of the thread that runs this end; it is woken when room appears.
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

  // The oldest event, or null when empty. Stays valid until pop().
  Event* front();
  void pop();
  // Wakes the sender's thread if it waits for room. Call behind a batch of pops.
  void release();
  // Closed by the sender and empty.
  bool finished() const;
  std::size_t was_size() const;  // already old when you read it
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
