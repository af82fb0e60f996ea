#include "config/section_writer.hpp"

#include <utility>

#include <fmt/format.h>

#include "candled/domain/json_text.hpp"

namespace candled::config {
namespace {

constexpr std::size_t columns_max = 120;

// 40 as 40.0, since TOML tells whole numbers from others.
std::string number_text(double number) {
  std::string text = fmt::format("{}", number);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

// One line of prose as comment lines, broken between words. A line that is indented is a table of its own and stays.
std::string comment_of(std::string_view prose) {
  if (prose.starts_with(' ')) return fmt::format("# {}\n", prose);
  std::string out, line = "#";
  while (!prose.empty()) {
    const std::size_t end = std::min(prose.find(' '), prose.size());
    const std::string_view word = prose.substr(0, end);
    prose.remove_prefix(std::min(end + 1, prose.size()));
    if (line.size() > 1 && line.size() + 1 + word.size() > columns_max) {
      out += line + "\n";
      line = "#";
    }
    line += fmt::format(" {}", word);
  }
  return out + line + "\n";
}

}  // namespace

void SectionWriter::prose(std::string_view help) {
  while (!help.empty()) {
    const std::size_t end = std::min(help.find('\n'), help.size());
    text_ += comment_of(help.substr(0, end));
    help.remove_prefix(std::min(end + 1, help.size()));
  }
}

// The blank lines in front of a table, its help, and its header.
void SectionWriter::begin(std::string_view header) {
  text_ += headers_++ == 0 ? "\n\n" : "\n";
  prose(std::exchange(pending_help_, {}));
  text_ += fmt::format("{}\n", header);
}

void SectionWriter::table(const Key& key, const Describe& describe) {
  const std::string outside = path_;
  if (outside.empty()) headers_ = 0;
  path_ = outside.empty() ? std::string(key.name) : fmt::format("{}.{}", outside, key.name);
  pending_help_ += pending_help_.empty() ? std::string(key.help) : fmt::format("\n{}", key.help);
  header_ = fmt::format("[{}]", path_);
  shown_.clear();
  describe(*this);
  header_.clear();
  path_ = outside;
}

void SectionWriter::elements(const Key& key, std::size_t count, std::size_t, const DescribeElement& describe) {
  headers_ = 0;
  pending_help_ = key.help;
  for (std::size_t i = 0; i < count; ++i) {
    begin(fmt::format("[[{}]]", key.name));
    shown_.clear();
    only_required_ = i > 0;
    describe(*this, i);
  }
  only_required_ = false;
}

void SectionWriter::part_of(std::string_view chosen, std::span<const std::string_view> all,
                            const DescribePart& describe) {
  describe(*this, chosen);
  for (const std::string_view choice : all) describe(*this, choice);
}

bool SectionWriter::is_left_out(const Key& key) {
  return (only_required_ && !key.required) || !shown_.emplace(key.name).second;
}

void SectionWriter::value(const Key& key, const std::string& toml) {
  if (is_left_out(key)) return;
  if (!header_.empty()) begin(std::exchange(header_, {}));
  if (!only_required_) prose(key.help);
  text_ += fmt::format("{} = {}\n", key.name, toml);
}

void SectionWriter::example(const Key& key) {
  if (is_left_out(key)) return;
  if (!header_.empty()) begin(std::exchange(header_, {}));
  prose(key.help);
  text_ += fmt::format("# {} = {}\n", key.name, key.example);
}

void SectionWriter::flag(const Key& key, bool& target) { value(key, target ? "true" : "false"); }
void SectionWriter::whole(const Key& key, std::int64_t& target, std::int64_t, std::int64_t) {
  value(key, fmt::format("{}", target));
}
void SectionWriter::number(const Key& key, double& target, double, double) { value(key, number_text(target)); }
void SectionWriter::number(const Key& key, std::optional<double>& target, double, double) {
  target ? value(key, number_text(*target)) : example(key);
}
void SectionWriter::duration(const Key& key, Duration& target, Duration, Duration) {
  value(key, json_text(to_text(target)));
}
void SectionWriter::duration(const Key& key, std::optional<Duration>& target, Duration, Duration) {
  target ? value(key, json_text(to_text(*target))) : example(key);
}
void SectionWriter::duration_or(const Key& key, std::string_view never, Duration& target, Duration, Duration) {
  value(key, json_text(target == Duration{} ? std::string(never) : to_text(target)));
}
void SectionWriter::money(const Key& key, Money& target, Money, Money) { value(key, target.to_text()); }
void SectionWriter::quantity(const Key& key, Quantity& target, Quantity, Quantity) { value(key, target.to_text()); }
void SectionWriter::price(const Key& key, Price& target, Price, Price) { value(key, target.to_text()); }
void SectionWriter::text(const Key& key, std::string& target, TextCheck) { value(key, json_text(target)); }
void SectionWriter::texts(const Key& key, std::vector<std::string>& target, TextsCheck) {
  value(key, json_texts(target));
}
void SectionWriter::one_of(const Key& key, std::string& target, std::span<const std::string_view>) {
  value(key, json_text(target));
}

}  // namespace candled::config
