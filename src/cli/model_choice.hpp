// Model choice: names on the command line, with "champion" and "challenger" for those that the database calls so.
#pragma once

#include <optional>
#include <string>

#include "candled/config/config.hpp"
#include "candled/domain/result.hpp"

namespace candled::cli {

struct Aliases {
  std::optional<std::string> champion, challenger;
  std::string of(const std::string& model) const;  // "champion", "challenger" or ""
};
// Nobody without a database. Throws StoreError.
Aliases read_aliases(const config::Config& config);

// Refuses what is neither the name of a model nor an alias that somebody has.
Result<std::string> chosen_model(const config::Config& config, const std::string& text);

}  // namespace candled::cli
