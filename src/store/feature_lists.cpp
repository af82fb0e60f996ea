#include "candled/store/feature_lists.hpp"

#include "store/list_text.hpp"
#include "store/reading.hpp"

namespace candled::store {

std::map<std::string, std::vector<std::string>> recorded_feature_lists(const std::filesystem::path& database) {
  return reading([&] {
    const Connection connection = open_for_reading(database);
    std::map<std::string, std::vector<std::string>> lists;
    Statement rows(connection, "SELECT hash, names FROM feature_list");
    while (rows.next()) lists.emplace(rows.text(0), split_list(rows.text(1)));
    return lists;
  });
}

}  // namespace candled::store
