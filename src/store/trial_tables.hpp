// The tables of tuning.
#pragma once

namespace candled::store {

// SQL that makes what is not there yet. A trial is JSON; see candled/model/tuning.hpp.
constexpr const char* trial_tables = R"sql(
CREATE TABLE IF NOT EXISTS study (id INTEGER PRIMARY KEY, settings TEXT NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS trial (study INTEGER NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, loss REAL, trial TEXT NOT NULL,
  PRIMARY KEY (study, number)) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS trials AS SELECT s.id AS study, s.settings,
  strftime('%Y-%m-%dT%H:%M:%SZ', s.from_time / 1000000000, 'unixepoch') AS rows_from,
  strftime('%Y-%m-%dT%H:%M:%SZ', s.to_time / 1000000000, 'unixepoch') AS rows_to,
  t.number, t.state, t.loss, json_extract(t.trial, '$.parameters') AS parameters
  FROM study s JOIN trial t ON t.study = s.id;
)sql";

}  // namespace candled::store
