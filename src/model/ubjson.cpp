#include "model/ubjson.hpp"

#include <fmt/format.h>

#include <bit>

namespace candled::model {
namespace {

constexpr int depth_max = 12;
constexpr std::size_t values_max = 2'000'000;  // 10,000 trees have 300,000

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::size_t width_of(char type) {
  switch (type) {
    case 'i':
    case 'U': return 1;
    case 'I': return 2;
    case 'l':
    case 'd': return 4;
    case 'L': return 8;
    default: return 0;
  }
}

std::int64_t signed_of(char type, std::string_view bytes) {
  const std::uint64_t raw = big_endian(bytes);
  switch (type) {
    case 'i': return static_cast<std::int8_t>(raw);
    case 'I': return static_cast<std::int16_t>(raw);
    case 'l': return static_cast<std::int32_t>(raw);
    default: return static_cast<std::int64_t>(raw);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  UbjValue value(int depth) {
    UbjValue out;
    if (depth > depth_max || ++values_ > values_max) {
      fail();
      return out;
    }
    out.kind = character();
    switch (out.kind) {
      case '{': object(out, depth); break;
      case '[': array(out, depth); break;
      case 'S': out.text = cut(length()); break;
      case 'i':
      case 'I':
      case 'l':
      case 'L':
        out.integer = signed_of(out.kind, cut(width_of(out.kind)));
        out.kind = 'i';
        break;
      default: fail();
    }
    return out;
  }
  bool at_end() const { return good_ && at_ == bytes_.size(); }
  std::size_t position() const { return at_; }

 private:
  void object(UbjValue& out, int depth) {
    while (good_ && peek() != '}') {
      const std::string_view key = cut(length());
      for (const auto& [known, ignored] : out.members) {
        if (known == key) fail();
      }
      if (out.members.size() >= 64) fail();
      if (good_) out.members.push_back({key, value(depth + 1)});
    }
    character();
  }
  void array(UbjValue& out, int depth) {
    if (peek() == '$') {
      character();
      out.kind = '$';
      out.element_type = character();
      const std::size_t width = width_of(out.element_type);
      if (character() != '#' || width == 0) fail();
      out.count = length();
      if (good_ && out.count > (bytes_.size() - at_) / width) fail();
      out.text = cut(good_ ? out.count * width : 0);
      return;
    }
    if (character() != '#') fail();
    const std::size_t count = length();
    for (std::size_t i = 0; good_ && i < count; ++i) out.items.push_back(value(depth + 1));
  }
  std::size_t length() {
    if (character() != 'L') fail();
    const std::uint64_t length = big_endian(cut(8));
    if (length > bytes_.size()) fail();
    return good_ ? length : 0;
  }
  char peek() const { return good_ && at_ < bytes_.size() ? bytes_[at_] : '\0'; }
  char character() {
    const std::string_view one = cut(1);
    return one.empty() ? '\0' : one[0];
  }
  std::string_view cut(std::size_t count) {
    if (!good_ || count > bytes_.size() - at_) {
      fail();
      return {};
    }
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  void fail() { good_ = false; }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
  bool good_ = true;
};

}  // namespace

std::int32_t UbjValue::int32_at(std::size_t i) const {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(text.substr(i * 4, 4))));
}
float UbjValue::float_at(std::size_t i) const {
  return std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(text.substr(i * 4, 4))));
}
std::uint8_t UbjValue::uint8_at(std::size_t i) const { return static_cast<std::uint8_t>(text[i]); }

Result<UbjValue> parse_ubjson(std::string_view bytes) {
  Reader reader(bytes);
  UbjValue value = reader.value(0);
  if (!reader.at_end()) return refuse(fmt::format("not UBJSON of an XGBoost model near byte {}", reader.position()));
  return value;
}

}  // namespace candled::model
