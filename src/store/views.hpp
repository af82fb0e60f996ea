// The SQL views of the file: rebuilt by the writer at every start, so that a new column or name reaches an existing file.
#pragma once

#include "store/sqlite.hpp"

namespace candled::store {

// In the caller's transaction; a migration does not see them.
void drop_views(Connection& connection);
// One transaction, and only where the text of a view differs; else nothing is written. Views of other people stay.
void refresh_views(Connection& connection);

}  // namespace candled::store
