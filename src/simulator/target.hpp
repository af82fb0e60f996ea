// Target: the path and the parameters of an HTTP request, decoded.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candled::simulator {

struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters;

  std::optional<std::string_view> get(std::string_view name) const {
    const auto at = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == name; });
    if (at == parameters.end()) return std::nullopt;
    return at->second;
  }
};

// "/a?b=c%2Fd&e": percent escapes and '+' decoded, a parameter without '=' is empty.
Target parse_target(std::string_view text);

// The text as a JSON string with its quotes; bytes that JSON forbids become spaces.
std::string json_string(std::string_view text);

}  // namespace candled::simulator
