#include "cli/held_markets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "candled/store/quality.hpp"

namespace candled::cli {

std::string nothing_of(const std::string& market, const std::filesystem::path& database) {
  std::vector<std::string> held;
  for (const Market& stored : store::stored_markets(database)) {
    if (stored.name() != market) held.push_back(stored.name());
  }
  return fmt::format("{} holds nothing of {}; it holds {}", database.string(), market,
                     held.empty() ? "no other market" : fmt::format("{}", fmt::join(held, ", ")));
}

}  // namespace candled::cli
