// Shared: a value that one thread sets now and then and any thread reads. For what is too large for a Counter and set
// rarely; nothing that handles trades uses it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace candled::flow {

template <class T>
class Shared {
 public:
  void set(T value) {
    auto fresh = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    value_ = std::move(fresh);
  }
  // Never null; a default T before the first set().
  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_ = std::make_shared<const T>();
};

}  // namespace candled::flow
