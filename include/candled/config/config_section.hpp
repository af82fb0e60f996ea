// ConfigSection: one table of the configuration file, read key by key.
//
// The call that reads a key also declares it, so there is no second list of valid keys that could differ from the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/config/toml_document.hpp"
#include "candled/domain/fixed_point.hpp"
#include "candled/domain/time.hpp"

namespace candled::config {

// Where the settings come from: which keys exist, and on which line of the file those that it gives stand.
// A key has a path such as "training.horizon" or "market[2].interval" (counted from 1).
class ConfigOrigin {
 public:
  explicit ConfigOrigin(std::string file) : file_(std::move(file)) {}  // empty: no file

  void declare(std::string_view path);
  void give(std::string path, std::size_t line) { lines_.emplace(std::move(path), line); }

  bool is_given(std::string_view path) const { return lines_.contains(path); }

  // The value in effect behind the reading of a key, as JSON, in the order of reading.
  void note(std::string path, std::string json) { values_.emplace_back(std::move(path), std::move(json)); }
  // Another one than its reader noted, because other keys decided it.
  void settle(std::string_view path, const std::string& json) {
    for (auto& value : values_) {
      if (value.first == path) value.second = json;
    }
  }
  const std::vector<std::pair<std::string, std::string>>& values() const { return values_; }
  // Of an amount, whose digits a number of TOML may not hold: it is written as text.
  void note_amount(const std::string& path) { amounts_.insert(path); }
  bool is_amount(const std::string& path) const { return amounts_.contains(path); }

  // Every key that was declared, without the counts: "market.interval".
  const std::set<std::string>& declared() const { return declared_; }

  // Throws ConfigError "FILE:LINE: key 'PATH': MESSAGE", about the first of the keys that the file gives; "FILE: ..." or
  // "configuration: ..." about the first one of all when it gives none. Control characters in it are replaced.
  [[noreturn]] void fail(std::initializer_list<std::string_view> paths, std::string_view message) const;

 private:
  std::string file_;
  std::set<std::string> declared_;
  std::map<std::string, std::size_t, std::less<>> lines_;
  std::vector<std::pair<std::string, std::string>> values_;
  std::set<std::string> amounts_;
};

// What is wrong with a text, or nothing.
using TextCheck = std::optional<std::string> (*)(std::string_view text);
using TextsCheck = std::optional<std::string> (*)(std::span<const std::string> texts);

class ConfigSection {
 public:
  // `table` and `origin` outlive the section.
  ConfigSection(ConfigOrigin& origin, const TomlTable& table) : ConfigSection(origin, {}, table) {}

  // Each of these declares the key, and stores its value where the file gives one. They throw ConfigError for a wrong type and
  // for a value outside low to high (both allowed).
  void flag(std::string_view key, bool& target);
  void whole(std::string_view key, std::int64_t& target, std::int64_t low, std::int64_t high);
  void number(std::string_view key, double& target, double low, double high);
  void number(std::string_view key, std::optional<double>& target, double low, double high);
  void duration(std::string_view key, Duration& target, Duration low, Duration high);
  void duration(std::string_view key, std::optional<Duration>& target, Duration low, Duration high);
  void duration_or_off(std::string_view key, Duration& target, Duration low, Duration high);  // "off" and "forever" are zero
  // Number or text, exact.
  void money(std::string_view key, Money& target, Money low, Money high) { exact(key, target, low, high); }
  void quantity(std::string_view key, Quantity& target, Quantity low, Quantity high) { exact(key, target, low, high); }
  void price(std::string_view key, Price& target, Price low, Price high) { exact(key, target, low, high); }
  void text(std::string_view key, std::string& target, TextCheck check = nullptr);
  // An array of texts. `check` sees the array grow, element by element: what it says is about the last one.
  void texts(std::string_view key, std::vector<std::string>& target, TextsCheck check);
  void path(std::string_view key, std::filesystem::path& target);  // not empty
  void one_of(std::string_view key, std::string& target, std::span<const std::string> valid);
  template <class Enum>  // the enumerators stand in the order of the names
  void one_of(std::string_view key, Enum& target, std::span<const std::string> valid) {
    if (std::optional<std::size_t> position = choice(key, valid)) target = static_cast<Enum>(*position);
    note_text(key, valid[static_cast<std::size_t>(target)]);
  }

  // Throws unless the file gives the key.
  void require(std::string_view key);

  using Reader = std::function<void(ConfigSection&)>;
  // [key]: calls the reader once, with an empty section if the file has none, and then refuses the keys it did not read.
  void table(std::string_view key, const Reader& reader);
  // [[key]]: the same for each.
  void tables(std::string_view key, const Reader& reader);
  // Refuses every key that was not declared, with a suggestion.
  void refuse_unknown() const;

  // The path of a key of this section; of the section itself for "".
  std::string path_of(std::string_view key) const;

 private:
  ConfigSection(ConfigOrigin& origin, std::string path, const TomlTable& table);

  const TomlValue* find(std::string_view key);
  template <class T>
  const T* find_as(std::string_view key, const char* wanted);
  // The text of a number that a fixed-point type reads exactly; empty if the file does not give the key.
  std::optional<std::string> exact_text_of(std::string_view key);
  template <class Number>
  void exact(std::string_view key, Number& target, Number low, Number high) {
    const std::optional<std::string> text = exact_text_of(key);
    origin_.note_amount(path_of(key));
    if (!text) return note(key, target.to_text());
    const Result<Number> value = Number::parse(*text);
    if (!value) fail(key, value.error().message);
    if (*value < low || *value > high) {
      fail(key, *text + " is outside " + low.to_text() + " to " + high.to_text());
    }
    target = *value;
    note(key, target.to_text());
  }
  std::optional<Duration> duration_between(std::string_view key, std::string_view text, Duration low, Duration high);
  std::optional<std::size_t> choice(std::string_view key, std::span<const std::string> valid);
  [[noreturn]] void fail(std::string_view key, std::string_view message) const;
  void note(std::string_view key, std::string json) { origin_.note(path_of(key), std::move(json)); }
  void note_text(std::string_view key, std::string_view text);

  ConfigOrigin& origin_;
  const std::string path_;
  const TomlTable& table_;
  std::vector<std::string> declared_;
};

}  // namespace candled::config
