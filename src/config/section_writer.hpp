// SectionWriter: a description written as the text of a configuration file, every key with its help and its value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/section.hpp"

namespace candled::config {

class SectionWriter : public Section {
 public:
  const std::string& written() const { return text_; }

  void table(const Key& key, const Describe& describe) override;
  // Of the elements behind the first one only what must be given is written.
  void elements(const Key& key, std::size_t count, std::size_t count_max, const DescribeElement& describe) override;
  void part_of(std::string_view chosen, std::span<const std::string_view> all, const DescribePart& describe) override;
  void flag(const Key& key, bool& target) override;
  void whole(const Key& key, std::int64_t& target, std::int64_t low, std::int64_t high) override;
  void number(const Key& key, double& target, double low, double high) override;
  void number(const Key& key, std::optional<double>& target, double low, double high) override;
  void duration(const Key& key, Duration& target, Duration low, Duration high) override;
  void duration(const Key& key, std::optional<Duration>& target, Duration low, Duration high) override;
  void duration_or(const Key& key, std::string_view never, Duration& target, Duration low, Duration high) override;
  void money(const Key& key, Money& target, Money low, Money high) override;
  void quantity(const Key& key, Quantity& target, Quantity low, Quantity high) override;
  void price(const Key& key, Price& target, Price low, Price high) override;
  void text(const Key& key, std::string& target, TextCheck check) override;
  void texts(const Key& key, std::vector<std::string>& target, TextsCheck check) override;
  using Section::one_of;
  void one_of(const Key& key, std::string& target, std::span<const std::string_view> valid) override;

 private:
  void begin(std::string_view header);
  void prose(std::string_view help);
  void value(const Key& key, const std::string& toml);
  void example(const Key& key);
  bool is_left_out(const Key& key);

  std::string text_;
  std::string path_;          // of the table that is described: "exchange.kraken"
  std::string pending_help_;  // of tables whose header is not written yet
  std::string header_;        // of a table whose first key is not written yet
  std::size_t headers_ = 0;   // under the current table of the first level
  bool only_required_ = false;
  std::set<std::string, std::less<>> shown_;  // keys of the table that is described
};

}  // namespace candled::config
