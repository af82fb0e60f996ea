// Every raw indicator of the catalogue, one row a stored candle, as CSV.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "candled/cli/commands.hpp"

namespace candled::cli {

// `write` gets whole lines, the header first, and says whether to go on. From the first stored candle on, so that every row is
// as warm as history allows; rows outside options.from and to are left out. Returns the number of rows. Throws StoreError.
Result<std::int64_t> write_indicator_rows(const config::Config& config, const ExportOptions& options,
                                          const std::function<bool(std::string_view lines)>& write);

}  // namespace candled::cli
