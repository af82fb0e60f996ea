// SQLite's own setting, once in a process.
#pragma once

namespace candled::store {

// Before any database is opened: SQLite no longer counts its memory, which takes one lock for all threads. On a busy machine a thread of low
// priority would hold up the others with it.
void set_up_for_threads();

}  // namespace candled::store
