// Values as JSON text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"
#include "candled/store/view_reader.hpp"

namespace candled::server {

// With quotes. Plain ASCII comes out, whatever goes in.
std::string json_text(std::string_view text);
std::string json_number(std::optional<std::int64_t> number);  // or null
std::string json_real(double number);                         // or null, if it is not finite
std::string json_time(std::optional<Timestamp> time);         // or null

// "name":value,... of one row, without braces.
std::string json_members(const store::ViewRows& rows, std::size_t row);
// [{...},...]
std::string json_array(const store::ViewRows& rows);

}  // namespace candled::server
