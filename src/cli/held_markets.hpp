// HeldMarkets: the line for a market of which a file holds nothing: it names those that are there.
#pragma once

#include <filesystem>
#include <string>

namespace candled::cli {

// Without its end. Throws StoreError.
std::string nothing_of(const std::string& market, const std::filesystem::path& database);

}  // namespace candled::cli
