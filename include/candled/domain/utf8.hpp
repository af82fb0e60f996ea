// UTF-8: valid text and other bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace candled {

// Bytes of the character that the text begins with, 1 to 4; 0 if it begins with no valid one (RFC 3629: no surrogates, nothing
// overlong, nothing above U+10FFFF) or is empty.
std::size_t utf8_length(std::string_view text);

// Appends the text; U+FFFD stands for each byte that is not part of a valid character.
void append_utf8(std::string& out, std::string_view text);

}  // namespace candled
