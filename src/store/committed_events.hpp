// What was committed after a place in the stream. Sequence numbers are not indexed: each table is walked along its key from the newest
// row down to the first that is old, so a poll costs what is new.
#pragma once

#include <cstdint>

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"

namespace candled::store {

// ViewReader::events_behind.
StreamBatch read_committed(ViewConnection& reader, std::int64_t behind, Timestamp filled_behind,
                           std::int64_t events_max);

}  // namespace candled::store
