// ConfigOrigin: where the settings come from. Which line of the file gives a key, which value is in effect, and which keys the file
// still calls by a former name.
//
// A key has a path such as "training.horizon" or "market[2].interval" (counted from 1).
#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/renamed_key.hpp"

namespace candled::config {

// A key that was read, with its value in effect.
struct ValueInEffect {
  std::string path;
  std::string json;
  bool decides = true;  // as Key says
  bool secret = false;
  bool amount = false;  // a number of TOML may not hold its digits: it is recorded as text
};

class ConfigOrigin {
 public:
  explicit ConfigOrigin(std::string file) : file_(std::move(file)) {}  // empty: no file

  void give(std::string path, std::size_t line) { lines_.emplace(std::move(path), line); }
  bool is_given(std::string_view path) const { return lines_.contains(path); }

  // In the order of reading.
  void note(ValueInEffect value) { values_.push_back(std::move(value)); }
  // Another value than its reader noted, because other keys decided it.
  void settle(std::string_view path, const std::string& json) {
    for (ValueInEffect& value : values_) {
      if (value.path == path) value.json = json;
    }
  }
  const std::vector<ValueInEffect>& values() const { return values_; }

  void note_former(RenamedKey key) { renamed_.push_back(std::move(key)); }
  const std::vector<RenamedKey>& renamed() const { return renamed_; }
  // One line that gives the line to write instead; of a secret without its value.
  std::string warning_of(const RenamedKey& key) const;

  // Throws ConfigError "FILE:LINE: key 'PATH': MESSAGE", about the first of the keys that the file gives; "FILE: ..." or
  // "configuration: ..." about the first one of all when it gives none. Control characters in it are replaced.
  [[noreturn]] void fail(std::initializer_list<std::string_view> paths, std::string_view message) const;

 private:
  std::string file_;
  std::map<std::string, std::size_t, std::less<>> lines_;
  std::vector<ValueInEffect> values_;
  std::vector<RenamedKey> renamed_;
};

// "market[2].interval" as people write it: "market.interval".
std::string without_counts(std::string_view path);

}  // namespace candled::config
