// RenamedKey: a key that a file still calls by a former name.
#pragma once

#include <cstddef>
#include <string>

namespace candled::config {

struct RenamedKey {
  std::string path;          // with the former name: "strategy[2].entry"
  std::string former, name;  // of the key alone
  std::string value_path;    // with the name it has now: "strategy[2].enter"
  std::size_t line = 0;      // where the former name stands, both from 1; columns count characters, not bytes
  std::size_t column = 0;
};

}  // namespace candled::config
