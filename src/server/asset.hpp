// Asset: a file that is part of the program: the page and the description of the API. Made by cmake/embed.cmake.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace candled::server {

struct Asset {
  std::string_view path;  // below the root, without a leading '/': "index.html", "assets/page.js"
  std::string_view etag;  // with quotes
  std::span<const unsigned char> gzip;
};

std::span<const Asset> embedded_assets();

// By its path; null if there is none. Nothing else is ever looked up, so no path can leave the table.
const Asset* find_asset(std::string_view path);

// By the ending of the path.
std::string_view content_type_of(std::string_view path);

}  // namespace candled::server
