// Trials: what `candled tune` tried, in the tables `study` and `trial`. They are in the database; while a daemon holds that (it is
// the only writer), in a file beside it, <database>.tuning.sqlite. Each trial is one short transaction.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::store {

// Trials of one study can be compared: the same rows, model kind and aim.
struct Study {
  std::string settings;  // one line; a search with the same settings continues where it stopped
  Timestamp from, to;    // open times of the first and last row
};

struct StudyTrials {
  std::filesystem::path file;
  std::int64_t id = 0;
  Study study;
  std::vector<std::string> trials;  // JSON, in the order of their numbers
};

std::filesystem::path tuning_beside(const std::filesystem::path& database);

// The newest study of these settings in either file; throws StoreError.
std::optional<StudyTrials> find_study(const std::filesystem::path& database, const std::string& settings);

// Begins a study where it may be written. Errors: retry (disk full, locked), fatal.
Result<StudyTrials> begin_study(const std::filesystem::path& database, const Study& study);

struct TrialRecord {
  std::int64_t number = 0;
  std::string state;
  double loss = 0;   // NaN becomes NULL
  std::string json;  // all of it
};
// Into the study's file; into the one beside the database where a daemon holds that meanwhile (the study is then copied over).
Result<void> add_trial(StudyTrials& study, const std::filesystem::path& database, const TrialRecord& trial);

}  // namespace candled::store
