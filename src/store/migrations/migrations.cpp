#include "store/migrations/migration.hpp"

namespace candled::store {

std::vector<Migration> migrations() { return {to_version_2(), to_version_3(), to_version_4()}; }

}  // namespace candled::store
