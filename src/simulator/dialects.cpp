#include "simulator/dialects.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace candled::simulator {

Result<std::unique_ptr<Dialect>> make_dialect(std::span<const DialectEntry> table, std::string_view name,
                                              std::uint64_t seed) {
  const auto entry = std::find_if(table.begin(), table.end(), [&](const DialectEntry& e) { return e.name == name; });
  if (entry != table.end()) return entry->make(seed);
  std::vector<std::string_view> names;
  for (const DialectEntry& other : table) names.push_back(other.name);
  return refuse(
      fmt::format("the simulator does not speak for '{}'; it does for {}", name.substr(0, 40), fmt::join(names, ", ")));
}

}  // namespace candled::simulator
