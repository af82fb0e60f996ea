// The feature lists recorded in a file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace candled::store {

// By hash: the names with the versions of their formulas, "mfi_14@2", in the order of a row. Throws StoreError.
std::map<std::string, std::vector<std::string>> recorded_feature_lists(const std::filesystem::path& database);

}  // namespace candled::store
