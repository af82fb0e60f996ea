// Ring: a bounded lock-free queue of movable values with one sender and one receiver; what is left in it is destroyed with it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace candled::flow {

template <class T>
class Ring {
  static_assert(std::is_nothrow_move_constructible_v<T>);

 public:
  // capacity >= 1
  explicit Ring(std::size_t capacity)
      : slot_count_(capacity + 1), slots_(std::make_unique_for_overwrite<Slot[]>(slot_count_)) {}
  // Both ends are gone.
  ~Ring() {
    while (front() != nullptr) drop();
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // Sender.
  bool full() {
    const std::size_t next = behind(written_.load(std::memory_order_relaxed));
    if (next != seen_read_) return false;
    seen_read_ = read_.load(std::memory_order_acquire);
    return next == seen_read_;
  }
  // Sender. False when full: the value stays with the caller.
  bool push(T&& value) {
    if (full()) return false;
    const std::size_t at = written_.load(std::memory_order_relaxed);
    new (slots_[at].bytes) T(std::move(value));
    written_.store(behind(at), std::memory_order_release);
    return true;
  }

  // Receiver. The oldest value where it lies, until drop(); null when empty.
  T* front() {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    if (at == seen_written_) {
      seen_written_ = written_.load(std::memory_order_acquire);
      if (at == seen_written_) return nullptr;
    }
    return std::launder(reinterpret_cast<T*>(slots_[at].bytes));
  }
  // Receiver, not when empty. Destroys the oldest.
  void drop() {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    std::launder(reinterpret_cast<T*>(slots_[at].bytes))->~T();
    read_.store(behind(at), std::memory_order_release);
  }
  // Receiver. Nothing when empty.
  std::optional<T> pop() {
    T* oldest = front();
    if (oldest == nullptr) return std::nullopt;
    std::optional<T> value(std::move(*oldest));
    drop();
    return value;
  }

  // Either end; of the other end it may be old when it is read.
  std::size_t size() const {
    const std::size_t written = written_.load(std::memory_order_acquire), read = read_.load(std::memory_order_acquire);
    return written >= read ? written - read : written + slot_count_ - read;
  }

 private:
  static constexpr std::size_t cache_line = 64;
  struct Slot {
    alignas(T) std::byte bytes[sizeof(T)];
  };
  std::size_t behind(std::size_t at) const { return at + 1 == slot_count_ ? 0 : at + 1; }

  const std::size_t slot_count_;  // one more than fit: a full ring differs from an empty one
  const std::unique_ptr<Slot[]> slots_;
  // Each end writes one line only, and remembers what it last saw of the other's.
  alignas(cache_line) std::atomic<std::size_t> written_{0};
  std::size_t seen_read_ = 0;
  alignas(cache_line) std::atomic<std::size_t> read_{0};
  std::size_t seen_written_ = 0;
};

}  // namespace candled::flow
