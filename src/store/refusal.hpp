// Refusal: what SQLite refused, as a named condition with the advice that belongs to it.
#pragma once

#include <sqlite3.h>

#include <string>

namespace candled::store {

struct Refusal {
  int code;  // SQLite's primary code of the condition, which may be another than the call's: SQLITE_FULL where a disk says so in its own way
  std::string why;  // what is the matter and what to do, without the file's name
};

// Right after the call that gave the code. The connection may be null.
Refusal refusal_of(sqlite3* connection, int code);

// The same call may succeed later: no room, a lock, too little memory. Else the file, or its disk, cannot be used any more. By the code of
// a Refusal.
bool passes(int code);

}  // namespace candled::store
