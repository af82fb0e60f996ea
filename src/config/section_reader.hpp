// SectionReader: a description run over one table of a configuration file. Each call reads the key and declares it, so there is no
// second list of valid keys that could differ from the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/config/toml_document.hpp"
#include "candled/domain/section.hpp"
#include "config/origin.hpp"

namespace candled::config {

// Throws ConfigError for a wrong type, for a value outside of its bounds, for a required key that is missing, and for a key that is
// given by a former name besides its own.
class SectionReader : public Section {
 public:
  // `table` and `origin` outlive the section.
  SectionReader(ConfigOrigin& origin, const TomlTable& table) : SectionReader(origin, {}, table) {}

  void table(const Key& key, const Describe& describe) override;
  void elements(const Key& key, std::size_t count, std::size_t count_max, const DescribeElement& describe) override;
  void part_of(std::string_view chosen, std::span<const std::string_view> all, const DescribePart& describe) override;
  void flag(const Key& key, bool& target) override;
  void whole(const Key& key, std::int64_t& target, std::int64_t low, std::int64_t high) override;
  void number(const Key& key, double& target, double low, double high) override;
  void number(const Key& key, std::optional<double>& target, double low, double high) override;
  void duration(const Key& key, Duration& target, Duration low, Duration high) override;
  void duration(const Key& key, std::optional<Duration>& target, Duration low, Duration high) override;
  void duration_or(const Key& key, std::string_view never, Duration& target, Duration low, Duration high) override;
  void money(const Key& key, Money& target, Money low, Money high) override { exact(key, target, low, high); }
  void quantity(const Key& key, Quantity& target, Quantity low, Quantity high) override {
    exact(key, target, low, high);
  }
  void price(const Key& key, Price& target, Price low, Price high) override { exact(key, target, low, high); }
  void text(const Key& key, std::string& target, TextCheck check) override;
  void texts(const Key& key, std::vector<std::string>& target, TextsCheck check) override;
  using Section::one_of;
  void one_of(const Key& key, std::string& target, std::span<const std::string_view> valid) override;

  // Refuses every key that was not declared, with a suggestion.
  void refuse_unknown() const;

 private:
  SectionReader(ConfigOrigin& origin, std::string path, const TomlTable& table);

  std::string path_of(std::string_view key) const;  // of the section itself for ""
  const TomlValue* find(const Key& key);
  const TomlEntry* find_former(const Key& key);
  template <class T>
  const T* find_as(const Key& key, const char* wanted);
  // The text of a number that a fixed-point type reads exactly; empty if the file does not give the key.
  std::optional<std::string> exact_text_of(const Key& key);
  template <class Number>
  void exact(const Key& key, Number& target, Number low, Number high) {
    const std::optional<std::string> text = exact_text_of(key);
    if (text) {
      const Result<Number> value = Number::parse(*text);
      if (!value) fail(key.name, value.error().message);
      if (*value < low || *value > high) {
        fail(key.name, *text + " is outside " + low.to_text() + " to " + high.to_text());
      }
      target = *value;
    }
    note_amount(key, target.to_text());
  }
  std::optional<Duration> duration_between(const Key& key, std::string_view text, Duration low, Duration high);
  [[noreturn]] void fail(std::string_view key, std::string_view message) const;
  void note(const Key& key, std::string json);
  void note_text(const Key& key, std::string_view text);
  void note_amount(const Key& key, std::string text);

  ConfigOrigin& origin_;
  const std::string path_;
  const TomlTable& table_;
  std::vector<std::string> declared_, declared_former_;
};

}  // namespace candled::config
