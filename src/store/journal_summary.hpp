// What the file holds in short: of each market, and of the models.
#pragma once

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"

namespace candled::store {

// ViewReader::summary and ViewReader::last_commit.
JournalSummary read_summary(ViewConnection& connection);
LastCommit read_last_commit(ViewConnection& connection);

}  // namespace candled::store
