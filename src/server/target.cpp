#include "server/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace candled::server {
namespace {

// No row lies outside, and a step or a span between two such times can be reckoned with.
constexpr Timestamp earliest{0}, latest = earliest + Duration::days(231 * 366);  // as far as RFC 3339 is read here

Result<std::string> decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '%') {
      const char* const digits = text.data() + i + 1;
      if (i + 2 >= text.size()) return refuse("a percent sign needs two hexadecimal digits");
      if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
        return refuse("a percent sign needs two hexadecimal digits");
      }
      i += 2;
    }
    if (byte < 0x20 || byte > 0x7e) return refuse("only printable ASCII is known here");
    decoded.push_back(static_cast<char>(byte));
  }
  return decoded;
}

Result<void> add_parameter(Target& target, std::string_view text) {
  if (text.empty()) return {};
  const std::size_t equals = std::min(text.find('='), text.size());
  Result<std::string> name = decode(text.substr(0, equals));
  if (!name) return std::unexpected(name.error());
  Result<std::string> value = decode(text.substr(std::min(equals + 1, text.size())));
  if (!value) return std::unexpected(value.error());
  target.parameters.emplace_back(std::move(*name), std::move(*value));
  return {};
}

}  // namespace

const std::string* Target::parameter(std::string_view name) const {
  const auto found = std::ranges::find(parameters, name, [](const auto& p) { return std::string_view(p.first); });
  return found == parameters.end() ? nullptr : &found->second;
}

Result<Target> parse_target(std::string_view text) {
  if (text.size() > target_length_max)
    return refuse(fmt::format("the path is longer than {} characters", target_length_max));
  if (!text.starts_with('/')) return refuse("a path begins with '/'");
  const std::size_t question = std::min(text.find('?'), text.size());
  Result<std::string> path = decode(text.substr(0, question));
  if (!path) return std::unexpected(path.error());
  Target target{std::move(*path), {}};
  for (std::string_view rest = text.substr(std::min(question + 1, text.size())); !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    if (Result<void> added = add_parameter(target, rest.substr(0, end)); !added) return std::unexpected(added.error());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return target;
}

Result<void> check_parameters(const Target& target, std::span<const std::string_view> known) {
  for (std::size_t i = 0; i < target.parameters.size(); ++i) {
    const std::string& name = target.parameters[i].first;
    if (std::ranges::find(known, name) == known.end()) {
      if (known.empty()) return refuse(fmt::format("unknown parameter '{}': there are none here", name));
      return refuse(fmt::format("unknown parameter '{}': there are {}", name, fmt::join(known, ", ")));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (target.parameters[j].first == name) return refuse(fmt::format("parameter '{}' comes twice", name));
    }
  }
  return {};
}

Result<std::optional<std::int64_t>> limit_of(const Target& target, std::int64_t max, std::string_view name) {
  const std::string* text = target.parameter(name);
  if (text == nullptr) return std::nullopt;
  std::int64_t limit = 0;
  const char* const end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, limit);
  if (parsed.ec != std::errc() || parsed.ptr != end || limit < 1 || limit > max) {
    return refuse(fmt::format("{} '{}' is not a whole number from 1 to {}", name, *text, max));
  }
  return limit;
}

Result<std::optional<Timestamp>> time_of(const Target& target, std::string_view name) {
  constexpr std::size_t date_length = std::string_view("2025-02-19").size();
  const std::string* text = target.parameter(name);
  if (text == nullptr) return std::nullopt;
  const bool dashed = text->find('-', 1) != std::string::npos;
  const Result<Timestamp> time = !dashed                       ? parse_unix_seconds(*text)
                                 : text->size() == date_length ? parse_rfc3339(*text + "T00:00:00Z")
                                                               : parse_rfc3339(*text);
  if (time) return std::clamp(*time, earliest, latest);
  return refuse(
      fmt::format("{} '{}' is not a time such as 2025-02-19T21:20:00Z, 2025-02-19 or 1740000000", name, *text));
}

Result<std::optional<Duration>> duration_of(const Target& target, std::string_view name) {
  const std::string* text = target.parameter(name);
  if (text == nullptr) return std::nullopt;
  const Result<Duration> duration = parse_duration(*text);
  if (duration) return *duration;
  return refuse(fmt::format("{} '{}' is not a duration such as 5m, 1h or 1d", name, *text));
}

}  // namespace candled::server
