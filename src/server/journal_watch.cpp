#include "server/journal_watch.hpp"

#include <algorithm>

namespace candled::server {
namespace {

constexpr std::int64_t rows_a_look = 20'000;  // some milliseconds; a year of points is read in the first minutes
constexpr std::int64_t scored_predictions = 1'000;
constexpr Duration scores_every = Duration::seconds(5);

}  // namespace

void JournalWatch::look(Duration now) {
  const Result<std::int64_t> version = journal_.data_version();
  if (!version || (*version == seen_version_ && complete_)) return;
  seen_version_ = *version;
  if (Result<std::vector<store::AccountSummary>> accounts = journal_.accounts(rows_a_look)) {
    accounts_ = std::move(*accounts);
    complete_ = std::ranges::all_of(accounts_, &store::AccountSummary::complete);
  }
  if (!scores_.empty() && now - scored_ < scores_every) {
    complete_ = false;  // the scores are still owed
    return;
  }
  scored_ = now;
  if (Result<std::vector<store::PredictionScore>> scores = journal_.scores(scored_predictions))
    scores_ = std::move(*scores);
  if (Result<store::JournalSummary> summary = journal_.summary()) {
    champion_created_ = summary->champion_created;
    markets_ = std::move(summary->markets);
  }
}

}  // namespace candled::server
