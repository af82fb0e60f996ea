// StateWriter and StateReader: a station's state as bytes and back, exactly. Used for checkpoints only.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled {

// Types whose bytes are their value: numbers, enums, and plain structs of them.
template <class T>
concept PlainValue = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

class StateWriter {
 public:
  template <PlainValue T>
  void operator()(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <PlainValue T>
  void operator()(const std::vector<T>& values) {
    (*this)(values.size());
    if (!values.empty()) bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void operator()(const std::string& text) {
    (*this)(text.size());
    bytes_.append(text);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what StateWriter wrote, in the same order. Short or oversized input makes ok() false and leaves values untouched.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : rest_(bytes) {}

  template <PlainValue T>
  void operator()(T& value) {
    if (std::string_view raw = cut(sizeof value); ok_) std::memcpy(&value, raw.data(), sizeof value);
  }
  template <PlainValue T>
  void operator()(std::vector<T>& values) {
    std::size_t count = 0;
    (*this)(count);
    if (ok_ && count > rest_.size() / sizeof(T)) ok_ = false;
    if (!ok_) return;
    values.resize(count);
    if (std::string_view raw = cut(count * sizeof(T)); ok_ && count > 0)
      std::memcpy(values.data(), raw.data(), raw.size());
  }
  void operator()(std::string& text) {
    std::size_t count = 0;
    (*this)(count);
    if (std::string_view raw = cut(count); ok_) text.assign(raw);
  }
  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

 private:
  std::string_view cut(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
      ok_ = false;
      return {};
    }
    std::string_view front = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return front;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace candled
