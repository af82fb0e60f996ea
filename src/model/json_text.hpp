// JSON text for the files this room writes: valid by construction, keys in the order they were added.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candled::model {

std::string json_string(std::string_view text);
// The shortest text that reads back as the same double; null for NaN and infinities, which JSON does not have.
std::string json_number(double value);
std::string json_array(std::span<const std::string> values);
std::string json_array(std::initializer_list<std::string> values);

class JsonObject {
 public:
  JsonObject& text(std::string_view key, std::string_view value) { return raw(key, json_string(value)); }
  JsonObject& number(std::string_view key, double value) { return raw(key, json_number(value)); }
  JsonObject& integer(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
  // value is JSON already.
  JsonObject& raw(std::string_view key, std::string value);

  std::string one_line() const;
  // A key per line, with a final newline: for files that people open.
  std::string one_key_per_line() const;

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

}  // namespace candled::model
