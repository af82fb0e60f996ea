// Fix: replaces former names of keys in a config file with the current ones. Nothing else in it changes.
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
  std::vector<std::string> changes;  // a line each: "FILE:LINE: 'old' is now 'new'"; empty: every name is current
};

// Every byte but those of the names is kept. Throws ConfigError for a text that `describe` refuses. Refuses a name in a place where
// it cannot be replaced safely, with the line.
Result<FixedText> fixed_text(const std::string& text, const std::string& file,
                             const std::function<void(Section&)>& describe);

// The same for this program's config file, which is written to a new file and renamed; owner and permissions are kept. Returns
// what was changed. Refuses a file that may not be written, which then stays unchanged.
Result<std::vector<std::string>> fix_file(const std::filesystem::path& file);
Result<std::vector<std::string>> fix_file(const std::filesystem::path& file,
                                          const std::function<void(Section&)>& describe);

}  // namespace candled::config
