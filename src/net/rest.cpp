#include "candled/net/rest.hpp"

#include <algorithm>

namespace candled::net {

std::string_view header_of(const Headers& headers, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  const auto found = std::ranges::find_if(
      headers, [&](const Header& header) { return std::ranges::equal(header.name, name, {}, lower, lower); });
  return found == headers.end() ? std::string_view{} : std::string_view(found->value);
}

}  // namespace candled::net
