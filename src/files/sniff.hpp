// Sniffing: which format a file is, by its content first; its name is only a hint where the content does not tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/domain/result.hpp"
#include "files/layout.hpp"

namespace candled::files {

struct Sample {
  std::string name;                     // of the file or member
  std::vector<std::string_view> lines;  // its beginning
  std::optional<Timestamp> day;         // of rows that tell the time of day only, where the name does not tell it
};

// The error says what was expected, without the file's name.
Result<Layout> sniff(const Sample& sample, const Market& market, std::optional<Duration> candle_interval);

}  // namespace candled::files
