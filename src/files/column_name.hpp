// ColumnName: what the name of a column that no format knows says of it: whether it tells markets apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace candled::files {

enum class ColumnKind : std::uint8_t {
  coin,    // "base", "asset": a coin alone says which market it is
  market,  // "product", "exchange", "market_id": whatever differs in it is another market
  other,   // nobody knows
  plain,   // a number, a time, a side, a remark: never a market
};

// Of a name in small letters.
ColumnKind kind_of_column(std::string_view name);

}  // namespace candled::files
