// Texts as JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace candled {

std::string json_text(std::string_view text);                     // with quotes
std::string json_real(double number);                       // null where it is not finite
std::string json_texts(std::span<const std::string> texts);  // ["a","b"]

}  // namespace candled
