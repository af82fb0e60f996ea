// The tables of tuning.
#pragma once

namespace candled::store {

// SQL that makes them. A trial is JSON; see candled/model/tuning.hpp.
constexpr const char* trial_tables = R"sql(
CREATE TABLE study (id INTEGER PRIMARY KEY, settings TEXT NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
CREATE TABLE trial (study INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, loss REAL, trial TEXT NOT NULL,
  PRIMARY KEY (study, number)) WITHOUT ROWID;
)sql";

}  // namespace candled::store
