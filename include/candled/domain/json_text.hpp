// Single texts as JSON, where no whole document is written (json_writer.hpp); also valid in a TOML file.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace candled {

std::string json_text(std::string_view text);                // with quotes
std::string json_texts(std::span<const std::string> texts);  // ["a","b"]

}  // namespace candled
