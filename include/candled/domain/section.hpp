// Section: how a room describes its part of the configuration. One function per section, `describe(Section&, Settings&)`, declares
// name, type, range, default, help and former names of each key. The config room runs this function to read a file, to write
// etc/candled.toml, and to write the record of a run and the API's view; nothing else knows the keys.
//
// `describe` gets settings that hold the defaults. A reader stores what the file gives; a writer only reads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/fixed_point.hpp"
#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled {

// What a description says about a key or a table. The texts live as long as the call that takes them.
struct Key {
  std::string_view name;
  std::string_view help = {};     // prose for etc/candled.toml; '\n' ends a line, longer lines are wrapped
  std::string_view example = {};  // of a key without a default: the value that the file shows, commented out
  std::vector<std::string_view> former = {};  // earlier names: they still work for one version, with a warning
  bool required = false;                      // the file must give it
  bool decides = true;  // the candles, features, predictions or fills depend on it: it is recorded with each run
  bool secret = false;  // its value is never shown
};

class Section {
 public:
  // What is wrong with a text, or nothing.
  using TextCheck = std::optional<std::string> (*)(std::string_view text);
  // Gets an array as it grows, element by element; its answer is about the last one.
  using TextsCheck = std::optional<std::string> (*)(std::span<const std::string> texts);
  using Describe = std::function<void(Section&)>;
  using DescribeElement = std::function<void(Section&, std::size_t position)>;
  using DescribePart = std::function<void(Section&, std::string_view choice)>;

  virtual ~Section() = default;

  // [key]
  virtual void table(const Key& key, const Describe& describe) = 0;
  // [[key]], `count` existing elements. `describe` is called for each element with its position, 0 and up.
  virtual void elements(const Key& key, std::size_t count, std::size_t count_max, const DescribeElement& describe) = 0;
  // Keys that only some choices have. A reader uses the part of `chosen`; a writer that shows every key uses the part of each of `all`.
  virtual void part_of(std::string_view chosen, std::span<const std::string_view> all,
                       const DescribePart& describe) = 0;

  // Bounds are allowed values. An optional without a value is a key without a default.
  virtual void flag(const Key& key, bool& target) = 0;
  virtual void whole(const Key& key, std::int64_t& target, std::int64_t low, std::int64_t high) = 0;
  virtual void number(const Key& key, double& target, double low, double high) = 0;
  virtual void number(const Key& key, std::optional<double>& target, double low, double high) = 0;
  virtual void duration(const Key& key, Duration& target, Duration low, Duration high) = 0;
  virtual void duration(const Key& key, std::optional<Duration>& target, Duration low, Duration high) = 0;
  // Zero is written as the word `never`; "off" and "forever" are both read.
  virtual void duration_or(const Key& key, std::string_view never, Duration& target, Duration low, Duration high) = 0;
  // Exact: a number or a text.
  virtual void money(const Key& key, Money& target, Money low, Money high) = 0;
  virtual void quantity(const Key& key, Quantity& target, Quantity low, Quantity high) = 0;
  virtual void price(const Key& key, Price& target, Price low, Price high) = 0;
  virtual void text(const Key& key, std::string& target, TextCheck check) = 0;  // null: any text
  virtual void texts(const Key& key, std::vector<std::string>& target, TextsCheck check) = 0;
  virtual void one_of(const Key& key, std::string& target, std::span<const std::string_view> valid) = 0;

  // A choice whose enumerators stand in the order of the names.
  template <class Enum>
  void one_of(const Key& key, Enum& target, std::span<const std::string_view> names) {
    std::string name(names[static_cast<std::size_t>(target)]);
    one_of(key, name, names);
    target = static_cast<Enum>(std::ranges::find(names, name) - names.begin());
  }
  // A std::filesystem::path, not empty.
  template <class Path>
  void path(const Key& key, Path& target) {
    std::string text_of_path = target.string();
    text(key, text_of_path, [](std::string_view given) {
      return given.empty() ? std::optional<std::string>("must not be empty") : std::nullopt;
    });
    target = text_of_path;
  }
  template <class Item>
  void list(const Key& key, std::vector<Item>& items, std::size_t count_max, void (*describe)(Section&, Item&)) {
    elements(key, items.size(), count_max, [&](Section& section, std::size_t position) {
      if (position == items.size()) items.emplace_back();
      describe(section, items[position]);
    });
  }
};

}  // namespace candled
