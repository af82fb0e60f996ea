// The target of a request: its path and parameters, decoded and checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::server {

constexpr std::size_t target_length_max = 1'024;

struct Target {
  std::string path;  // printable ASCII
  std::vector<std::pair<std::string, std::string>> parameters;

  const std::string* parameter(std::string_view name) const;
};

// "/path%20x?name=value&..."; refuses anything that is not such a path, is too long, or decodes to unprintable bytes.
Result<Target> parse_target(std::string_view text);

// Refuses parameters that are not in the list, or come twice.
Result<void> check_parameters(const Target& target, std::span<const std::string_view> known);

// The parameter `limit` (or `name`), 1 to max; empty when it is not there.
Result<std::optional<std::int64_t>> limit_of(const Target& target, std::int64_t max, std::string_view name = "limit");

// A time: RFC 3339, a date (its first instant, UTC), or Unix seconds; empty when it is not there.
Result<std::optional<Timestamp>> time_of(const Target& target, std::string_view name);

// A duration such as 5m; empty when it is not there.
Result<std::optional<Duration>> duration_of(const Target& target, std::string_view name);

}  // namespace candled::server
