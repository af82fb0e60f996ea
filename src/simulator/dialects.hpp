// The exchanges that the simulator speaks for: one line each.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "simulator/dialect.hpp"
#include "simulator/dialects/kraken/kraken.hpp"

namespace candled::simulator {

struct DialectEntry {
  std::string_view name;
  std::unique_ptr<Dialect> (*make)(std::uint64_t seed);
};

inline constexpr std::array dialects{
    DialectEntry{"kraken", kraken::make_dialect},
};

// An unknown name is refused with those that there are.
Result<std::unique_ptr<Dialect>> make_dialect(std::span<const DialectEntry> table, std::string_view name,
                                              std::uint64_t seed);

}  // namespace candled::simulator
