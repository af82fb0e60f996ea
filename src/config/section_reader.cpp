#include "config/section_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "candled/config/config.hpp"
#include "candled/domain/json_text.hpp"
#include "config/nearest.hpp"

namespace candled::config {
namespace {

const TomlTable no_entries;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// A double holds 15 decimal digits exactly, so its shortest text is what the file says up to there; nothing beyond it is taken.
std::optional<std::string> exact_text(double number) {
  std::string text = fmt::format("{}", number);
  const std::string mantissa = text.substr(0, text.find('e'));
  if (std::ranges::count_if(mantissa, [](char c) { return c >= '0' && c <= '9'; }) > 15) return std::nullopt;
  return text;
}

}  // namespace

SectionReader::SectionReader(ConfigOrigin& origin, std::string path, const TomlTable& table)
    : origin_(origin), path_(std::move(path)), table_(table) {
  for (const TomlEntry& entry : table_) origin_.give(path_of(entry.key), entry.line);
}

std::string SectionReader::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void SectionReader::fail(std::string_view key, std::string_view message) const {
  origin_.fail({path_of(key)}, message);
}

void SectionReader::note(const Key& key, std::string json) {
  origin_.note({path_of(key.name), std::move(json), key.decides, key.secret, false});
}

void SectionReader::note_text(const Key& key, std::string_view text) { note(key, json_text(text)); }

void SectionReader::note_amount(const Key& key, std::string text) {
  origin_.note({path_of(key.name), std::move(text), key.decides, key.secret, true});
}

const TomlValue* SectionReader::find(const Key& key) {
  if (std::ranges::find(declared_, key.name) == declared_.end()) declared_.emplace_back(key.name);
  const TomlEntry* former = find_former(key);
  const auto entry = std::ranges::find(table_, key.name, &TomlEntry::key);
  const bool given = entry != table_.end();
  if (given && former != nullptr)
    fail(former->key, fmt::format("is the former name of '{}', which is given too", key.name));
  if (!given && former == nullptr) {
    if (key.required) origin_.fail({path_of(key.name), path_}, fmt::format("is without '{}'", key.name));
    return nullptr;
  }
  if (given) return &entry->value;
  origin_.give(path_of(key.name), former->line);
  return &former->value;
}

// A key may be looked for more than once: it is noted once.
const TomlEntry* SectionReader::find_former(const Key& key) {
  const TomlEntry* found = nullptr;
  for (const std::string_view name : key.former) {
    const auto entry = std::ranges::find(table_, name, &TomlEntry::key);
    if (entry == table_.end()) continue;
    if (found != nullptr) fail(name, fmt::format("is a former name of '{}', as '{}' is", key.name, found->key));
    found = &*entry;
    if (std::ranges::find(declared_former_, name) != declared_former_.end()) continue;
    declared_former_.emplace_back(name);
    origin_.note_former(
        {path_of(name), std::string(name), std::string(key.name), path_of(key.name), entry->line, entry->column});
  }
  return found;
}

template <class T>
const T* SectionReader::find_as(const Key& key, const char* wanted) {
  const TomlValue* value = find(key);
  if (!value) return nullptr;
  if (const T* typed = std::get_if<T>(&value->data)) return typed;
  fail(key.name, fmt::format("must be {}, not {}", wanted, kind_of(*value)));
}

void SectionReader::flag(const Key& key, bool& target) {
  if (const bool* value = find_as<bool>(key, "true or false")) target = *value;
  note(key, target ? "true" : "false");
}

void SectionReader::whole(const Key& key, std::int64_t& target, std::int64_t low, std::int64_t high) {
  if (const std::int64_t* value = find_as<std::int64_t>(key, "a whole number")) {
    if (*value < low || *value > high) fail(key.name, fmt::format("{} is outside {} to {}", *value, low, high));
    target = *value;
  }
  note(key, fmt::format("{}", target));
}

void SectionReader::number(const Key& key, std::optional<double>& target, double low, double high) {
  if (const TomlValue* found = find(key)) {
    const std::int64_t* whole = std::get_if<std::int64_t>(&found->data);
    const double value = whole ? static_cast<double>(*whole) : *find_as<double>(key, "a number");
    // Written so that NaN is outside too.
    if (!(value >= low && value <= high)) fail(key.name, fmt::format("{} is outside {} to {}", value, low, high));
    target = value;
  }
  if (target) note(key, fmt::format("{}", *target));
}

void SectionReader::number(const Key& key, double& target, double low, double high) {
  std::optional<double> value = target;
  number(key, value, low, high);
  target = *value;
}

std::optional<Duration> SectionReader::duration_between(const Key& key, std::string_view text, Duration low,
                                                        Duration high) {
  const Result<Duration> value = parse_duration(text);
  if (!value) fail(key.name, value.error().message);
  if (*value < low || *value > high) {
    fail(key.name, fmt::format("{} is outside {} to {}", text, to_text(low), to_text(high)));
  }
  return *value;
}

void SectionReader::duration(const Key& key, std::optional<Duration>& target, Duration low, Duration high) {
  if (const std::string* text = find_as<std::string>(key, "a duration in text, such as \"5m\"")) {
    target = duration_between(key, *text, low, high);
  }
  if (target) note_text(key, to_text(*target));
}

void SectionReader::duration(const Key& key, Duration& target, Duration low, Duration high) {
  std::optional<Duration> value = target;
  duration(key, value, low, high);
  target = *value;
}

void SectionReader::duration_or(const Key& key, std::string_view never, Duration& target, Duration low, Duration high) {
  const std::string* text =
      find_as<std::string>(key, fmt::format("a duration in text, such as \"5m\", or \"{}\"", never).c_str());
  if (text)
    target = *text == "off" || *text == "forever" ? Duration{} : duration_between(key, *text, low, high).value();
  note_text(key, target == Duration{} ? std::string(never) : to_text(target));
}

std::optional<std::string> SectionReader::exact_text_of(const Key& key) {
  const TomlValue* found = find(key);
  if (!found) return std::nullopt;
  if (const std::int64_t* whole = std::get_if<std::int64_t>(&found->data)) return fmt::format("{}", *whole);
  if (const double* number = std::get_if<double>(&found->data)) {
    std::optional<std::string> exact = exact_text(*number);
    if (!exact) fail(key.name, "has more digits than a number holds exactly; write it as text, in quotes");
    return exact;
  }
  return *find_as<std::string>(key, "an amount as number or text");
}

void SectionReader::text(const Key& key, std::string& target, TextCheck check) {
  if (const std::string* value = find_as<std::string>(key, "text")) {
    if (std::ranges::any_of(*value, is_control)) fail(key.name, "holds a control character");
    if (check) {
      if (std::optional<std::string> problem = check(*value)) fail(key.name, *problem);
    }
    target = *value;
  }
  note_text(key, target);
}

void SectionReader::texts(const Key& key, std::vector<std::string>& target, TextsCheck check) {
  if (const auto* elements = find_as<std::vector<TomlValue>>(key, "an array of texts")) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < elements->size(); ++i) {
      // An element may stand on a line of its own: that line is the one to name.
      const std::string path = fmt::format("{}[{}]", path_of(key.name), i + 1);
      origin_.give(path, (*elements)[i].line);
      const auto* value = std::get_if<std::string>(&(*elements)[i].data);
      if (!value) origin_.fail({path}, fmt::format("must hold texts, not {}", kind_of((*elements)[i])));
      values.push_back(*value);
      if (std::optional<std::string> problem = check(values)) origin_.fail({path}, *problem);
    }
    target = std::move(values);
  }
  note(key, json_texts(target));
}

void SectionReader::one_of(const Key& key, std::string& target, std::span<const std::string_view> valid) {
  if (const std::string* value = find_as<std::string>(key, "text")) {
    if (std::ranges::find(valid, *value) == valid.end()) {
      const std::vector<std::string> words(valid.begin(), valid.end());
      const std::optional<std::string> near = nearest(*value, words);
      fail(key.name, fmt::format("'{}' is not one of {}{}", *value, fmt::join(valid, ", "),
                                 near ? fmt::format("; did you mean '{}'?", *near) : ""));
    }
    target = *value;
  }
  note_text(key, target);
}

void SectionReader::table(const Key& key, const Describe& describe) {
  const TomlTable* given = find_as<TomlTable>(key, "a table");
  SectionReader section(origin_, path_of(key.name), given ? *given : no_entries);
  describe(section);
  section.refuse_unknown();
}

void SectionReader::elements(const Key& key, std::size_t, std::size_t count_max, const DescribeElement& describe) {
  const std::string wanted = fmt::format("written as [[{}]]", key.name);
  const auto* given = find_as<std::vector<TomlValue>>(key, wanted.c_str());
  if (!given) return;
  for (std::size_t i = 0; i < given->size(); ++i) {
    const std::string path = fmt::format("{}[{}]", path_of(key.name), i + 1);
    origin_.give(path, (*given)[i].line);
    const auto* element = std::get_if<TomlTable>(&(*given)[i].data);
    if (!element) fail(key.name, fmt::format("must be {}, not an array of other things", wanted));
    SectionReader section(origin_, path, *element);
    describe(section, i);
    section.refuse_unknown();
  }
  if (given->size() > count_max) {
    throw ConfigError(fmt::format("{} [[{}]] entries are more than {}", given->size(), key.name, count_max));
  }
}

void SectionReader::part_of(std::string_view chosen, std::span<const std::string_view>, const DescribePart& describe) {
  describe(*this, chosen);
}

void SectionReader::refuse_unknown() const {
  for (const TomlEntry& entry : table_) {
    const auto is_entry = [&](std::string_view name) { return name == entry.key; };
    if (std::ranges::any_of(declared_, is_entry) || std::ranges::any_of(declared_former_, is_entry)) continue;
    fail(entry.key, fmt::format("unknown; {}", suggestion(entry.key, declared_)));
  }
}

}  // namespace candled::config
