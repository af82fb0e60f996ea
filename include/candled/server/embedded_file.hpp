// A file of the page, embedded in the program.
#pragma once

#include <string>
#include <string_view>

namespace candled::server {

// The text of "assets/report.js" and the like; empty if there is none of this path, as in a build without the page.
std::string embedded_file(std::string_view path);

}  // namespace candled::server
