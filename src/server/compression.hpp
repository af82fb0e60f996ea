// gzip, both ways.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace candled::server {

std::string gzip(std::string_view text);
// Of bytes that are part of the program: anything else aborts.
std::string gunzip(std::span<const unsigned char> bytes);

// Whether an Accept-Encoding header asks for gzip: it stands there, and not with q=0.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace candled::server
