// Fix: a config file that still uses former names of keys, rewritten with the names of today. Nothing else in it changes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled {
class Section;
}

namespace candled::config {

struct FixedText {
  std::string text;
  std::vector<std::string> changes;  // a line each: "FILE:LINE: 'old' is now 'new'"; empty: every name is one of today
};

// Every byte but those of the names is kept. Throws ConfigError for a text that `describe` refuses. Refuses a name that stands where
// it cannot be replaced safely, with the line.
Result<FixedText> fixed_text(const std::string& text, const std::string& file,
                             const std::function<void(Section&)>& describe);

// The same of the config file of this program, which is written whole beside itself and renamed; owner and permissions are kept. Says
// what was changed. Refuses a file that may not be written; it is then as it was.
Result<std::vector<std::string>> fix_file(const std::filesystem::path& file);
Result<std::vector<std::string>> fix_file(const std::filesystem::path& file,
                                          const std::function<void(Section&)>& describe);

}  // namespace candled::config
