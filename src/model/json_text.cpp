#include "model/json_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace candled::model {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string json_array(std::span<const std::string> values) {
  std::string out = "[";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += value;
  }
  return out + ']';
}

std::string json_array(std::initializer_list<std::string> values) {
  return json_array(std::span(values.begin(), values.size()));
}

JsonObject& JsonObject::raw(std::string_view key, std::string value) {
  members_.emplace_back(json_string(key), std::move(value));
  return *this;
}

std::string JsonObject::one_line() const {
  std::string out = "{";
  for (const auto& [key, value] : members_) {
    if (out.size() > 1) out += ',';
    out += key + ':' + value;
  }
  return out + '}';
}

std::string JsonObject::one_key_per_line() const {
  std::string out = "{";
  for (const auto& [key, value] : members_) out += fmt::format("{}\n  {}: {}", out.size() > 1 ? "," : "", key, value);
  return out + "\n}\n";
}

}  // namespace candled::model
