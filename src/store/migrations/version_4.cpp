// Version 4: a column of exact numbers may hold a decimal text where an integer does not hold the number (store/exact.hpp). No row changes; the
// number keeps an older candled, which would read such a text as 0, away from the file.
#include "store/migrations/migration.hpp"

namespace candled::store {

Migration to_version_4() {
  return {4, "numbers of any size are exact", [](Connection&) { return true; }, [](Connection&) {}};
}

}  // namespace candled::store
