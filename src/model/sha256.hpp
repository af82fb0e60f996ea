// SHA-256 of bytes in memory.
#pragma once

#include <string>
#include <string_view>

namespace candled::model {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace candled::model
