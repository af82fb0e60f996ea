// Texts that hold a list: "a,b,c".
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace candled::store {

inline std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

}  // namespace candled::store
