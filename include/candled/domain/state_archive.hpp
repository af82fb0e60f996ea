// StateWriter and StateReader: a station's state as bytes and back, exactly. Used for checkpoints only.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "candled/domain/decimal.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/wide_decimal.hpp"

namespace candled {

// Types whose bytes are their value: numbers, enums, and plain structs of them.
template <class T>
concept PlainValue = std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>;

constexpr std::int64_t wide_follows = INT64_MIN;

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
  // In 64 bits at the usual scale where they hold it, as every state of an older build; otherwise marked and in 128.
  template <class Tag, int Decimals, int Usual>
  void operator()(const WideDecimal<Tag, Decimals, Usual>& value) {
    const std::optional<std::int64_t> units = value.usual_units();
    const bool fits = units && *units != wide_follows;
    (*this)(fits ? *units : wide_follows);
    if (!fits) (*this)(value.units());
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
  template <class Tag, int Decimals, int Usual>
  void operator()(WideDecimal<Tag, Decimals, Usual>& value) {
    std::int64_t usual = 0;
    (*this)(usual);
    if (!ok_) return;
    if (usual != wide_follows) {
      value = WideDecimal<Tag, Decimals, Usual>::from_usual_units(usual);
      return;
    }
    WideUnits units = 0;
    (*this)(units);
    if (units < -wide_max) ok_ = false;
    if (ok_) value = WideDecimal<Tag, Decimals, Usual>::from_units(units);
  }
  template <class Tag, int Usual>
  void operator()(Decimal<Tag, Usual>& value) {
    std::uint64_t bits = 0;
    (*this)(bits);
    const std::optional<Decimal<Tag, Usual>> read = Decimal<Tag, Usual>::of_bits(bits);
    if (!read) ok_ = false;
    if (ok_) value = *read;
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
