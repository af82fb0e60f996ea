// What both HTTP clients say of themselves, and how they read a Retry-After.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled::ingest {

constexpr const char* user_agent = "candled/0.1.0";

// Whole seconds; the form with a date is not read.
inline std::optional<Duration> retry_after_of(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > 1'000'000) {
    return std::nullopt;
  }
  return Duration::seconds(seconds);
}

}  // namespace candled::ingest
