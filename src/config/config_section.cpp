#include "candled/config/config_section.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "candled/domain/json_text.hpp"
#include "config/nearest.hpp"
#include "candled/config/config.hpp"

namespace candled::config {
namespace {

const TomlTable no_entries;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// "market[2].interval" as people write it: the line says which market.
std::string without_counts(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    if (path.front() == '[') {
      const std::size_t close = path.find_first_not_of("0123456789", 1);
      if (close != std::string_view::npos && path[close] == ']') {
        path.remove_prefix(close + 1);
        continue;
      }
    }
    plain += path.front();
    path.remove_prefix(1);
  }
  return plain;
}

// A double holds 15 decimal digits exactly, so its shortest text is what the file says up to there; nothing beyond it is taken.
std::optional<std::string> exact_text(double number) {
  std::string text = fmt::format("{}", number);
  const std::string mantissa = text.substr(0, text.find('e'));
  if (std::ranges::count_if(mantissa, [](char c) { return c >= '0' && c <= '9'; }) > 15) return std::nullopt;
  return text;
}

}  // namespace

void ConfigOrigin::declare(std::string_view path) { declared_.insert(without_counts(path)); }

void ConfigOrigin::fail(std::initializer_list<std::string_view> paths, std::string_view message) const {
  std::string_view path = *paths.begin();
  std::string where = file_.empty() ? "configuration" : file_;
  for (std::string_view candidate : paths) {
    if (auto found = lines_.find(candidate); found != lines_.end()) {
      path = candidate;
      where += fmt::format(":{}", found->second);
      break;
    }
  }
  std::string line = fmt::format("{}: key '{}': {}", where, without_counts(path), message);
  std::ranges::replace_if(line, is_control, '?');
  throw ConfigError(line);
}

ConfigSection::ConfigSection(ConfigOrigin& origin, std::string path, const TomlTable& table)
    : origin_(origin), path_(std::move(path)), table_(table) {
  for (const TomlEntry& entry : table_) origin_.give(path_of(entry.key), entry.line);
}

std::string ConfigSection::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void ConfigSection::fail(std::string_view key, std::string_view message) const {
  origin_.fail({path_of(key)}, message);
}

const TomlValue* ConfigSection::find(std::string_view key) {
  if (std::ranges::find(declared_, key) == declared_.end()) declared_.emplace_back(key);
  origin_.declare(path_of(key));
  const auto entry = std::ranges::find(table_, key, &TomlEntry::key);
  return entry == table_.end() ? nullptr : &entry->value;
}

template <class T>
const T* ConfigSection::find_as(std::string_view key, const char* wanted) {
  const TomlValue* value = find(key);
  if (!value) return nullptr;
  if (const T* typed = std::get_if<T>(&value->data)) return typed;
  fail(key, fmt::format("must be {}, not {}", wanted, kind_of(*value)));
}

void ConfigSection::flag(std::string_view key, bool& target) {
  if (const bool* value = find_as<bool>(key, "true or false")) target = *value;
  note(key, target ? "true" : "false");
}

void ConfigSection::note_text(std::string_view key, std::string_view text) { note(key, json_text(text)); }

void ConfigSection::whole(std::string_view key, std::int64_t& target, std::int64_t low, std::int64_t high) {
  if (const std::int64_t* value = find_as<std::int64_t>(key, "a whole number")) {
    if (*value < low || *value > high) fail(key, fmt::format("{} is outside {} to {}", *value, low, high));
    target = *value;
  }
  note(key, fmt::format("{}", target));
}

void ConfigSection::number(std::string_view key, double& target, double low, double high) {
  if (const TomlValue* found = find(key)) {
    const std::int64_t* whole = std::get_if<std::int64_t>(&found->data);
    const double value = whole ? static_cast<double>(*whole) : *find_as<double>(key, "a number");
    // Written so that NaN is outside too.
    if (!(value >= low && value <= high)) fail(key, fmt::format("{} is outside {} to {}", value, low, high));
    target = value;
  }
  note(key, fmt::format("{}", target));
}

void ConfigSection::number(std::string_view key, std::optional<double>& target, double low, double high) {
  if (!find(key)) return;
  double value = 0;
  number(key, value, low, high);
  target = value;
}

std::optional<Duration> ConfigSection::duration_between(std::string_view key, std::string_view text, Duration low,
                                                        Duration high) {
  const Result<Duration> value = parse_duration(text);
  if (!value) fail(key, value.error().message);
  if (*value < low || *value > high) {
    fail(key, fmt::format("{} is outside {} to {}", text, to_text(low), to_text(high)));
  }
  return *value;
}

void ConfigSection::duration(std::string_view key, std::optional<Duration>& target, Duration low, Duration high) {
  if (const std::string* text = find_as<std::string>(key, "a duration in text, such as \"5m\"")) {
    target = duration_between(key, *text, low, high);
  }
  if (target) note_text(key, to_text(*target));
}

void ConfigSection::duration(std::string_view key, Duration& target, Duration low, Duration high) {
  std::optional<Duration> value;
  duration(key, value, low, high);
  if (!value) note_text(key, to_text(target));
  target = value.value_or(target);
}

void ConfigSection::duration_or_off(std::string_view key, Duration& target, Duration low, Duration high) {
  const std::string* text = find_as<std::string>(key, "a duration in text, such as \"5m\", or \"off\"");
  if (text) target = *text == "off" || *text == "forever" ? Duration{} : duration_between(key, *text, low, high).value();
  note_text(key, target == Duration{} ? "off" : to_text(target));
}

std::optional<std::string> ConfigSection::exact_text_of(std::string_view key) {
  const TomlValue* found = find(key);
  if (!found) return std::nullopt;
  if (const std::int64_t* whole = std::get_if<std::int64_t>(&found->data)) return fmt::format("{}", *whole);
  if (const double* number = std::get_if<double>(&found->data)) {
    std::optional<std::string> exact = exact_text(*number);
    if (!exact) fail(key, "has more digits than a number holds exactly; write it as text, in quotes");
    return exact;
  }
  return *find_as<std::string>(key, "an amount as number or text");
}

void ConfigSection::text(std::string_view key, std::string& target, TextCheck check) {
  const std::string* value = find_as<std::string>(key, "text");
  if (!value) return note_text(key, target);
  if (std::ranges::any_of(*value, is_control)) fail(key, "holds a control character");
  if (check) {
    if (std::optional<std::string> problem = check(*value)) fail(key, *problem);
  }
  target = *value;
  note_text(key, target);
}

void ConfigSection::texts(std::string_view key, std::vector<std::string>& target, TextsCheck check) {
  const auto* elements = find_as<std::vector<TomlValue>>(key, "an array of texts");
  if (!elements) return note(key, json_texts(target));
  std::vector<std::string> values;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    // An element may stand on a line of its own: that line is the one to name.
    const std::string path = fmt::format("{}[{}]", path_of(key), i + 1);
    origin_.give(path, (*elements)[i].line);
    const auto* value = std::get_if<std::string>(&(*elements)[i].data);
    if (!value) origin_.fail({path}, fmt::format("must hold texts, not {}", kind_of((*elements)[i])));
    values.push_back(*value);
    if (std::optional<std::string> problem = check(values)) origin_.fail({path}, *problem);
  }
  target = std::move(values);
  note(key, json_texts(target));
}

void ConfigSection::path(std::string_view key, std::filesystem::path& target) {
  std::string value = target.string();
  text(key, value, [](std::string_view path) {
    return path.empty() ? std::optional<std::string>("must not be empty") : std::nullopt;
  });
  target = value;
}

std::optional<std::size_t> ConfigSection::choice(std::string_view key, std::span<const std::string> valid) {
  const std::string* value = find_as<std::string>(key, "text");
  if (!value) return std::nullopt;
  const auto found = std::ranges::find(valid, *value);
  if (found == valid.end()) {
    const std::optional<std::string> near = nearest(*value, valid);
    fail(key, fmt::format("'{}' is not one of {}{}", *value, fmt::join(valid, ", "),
                          near ? fmt::format("; did you mean '{}'?", *near) : ""));
  }
  return static_cast<std::size_t>(found - valid.begin());
}

void ConfigSection::one_of(std::string_view key, std::string& target, std::span<const std::string> valid) {
  if (std::optional<std::size_t> position = choice(key, valid)) target = valid[*position];
  note_text(key, target);
}

void ConfigSection::require(std::string_view key) {
  if (!find(key)) origin_.fail({path_of(key), path_}, fmt::format("is without '{}'", key));
}

void ConfigSection::table(std::string_view key, const Reader& reader) {
  const TomlTable* given = find_as<TomlTable>(key, "a table");
  ConfigSection section(origin_, path_of(key), given ? *given : no_entries);
  reader(section);
  section.refuse_unknown();
}

void ConfigSection::tables(std::string_view key, const Reader& reader) {
  const std::string wanted = fmt::format("written as [[{}]]", key);
  const auto* elements = find_as<std::vector<TomlValue>>(key, wanted.c_str());
  if (!elements) return;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const std::string path = fmt::format("{}[{}]", path_of(key), i + 1);
    origin_.give(path, (*elements)[i].line);
    const auto* given = std::get_if<TomlTable>(&(*elements)[i].data);
    if (!given) fail(key, fmt::format("must be {}, not an array of other things", wanted));
    ConfigSection section(origin_, path, *given);
    reader(section);
    section.refuse_unknown();
  }
}

void ConfigSection::refuse_unknown() const {
  for (const TomlEntry& entry : table_) {
    if (std::ranges::find(declared_, entry.key) != declared_.end()) continue;
    fail(entry.key, fmt::format("unknown; {}", suggestion(entry.key, declared_)));
  }
}

}  // namespace candled::config
