// JournalWatch: figures that add up over many rows, kept at hand so that no request has to read them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "candled/domain/time.hpp"
#include "candled/store/view_reader.hpp"

namespace candled::server {

class JournalWatch {
 public:
  explicit JournalWatch(store::ViewReader& journal) : journal_(journal) {}

  // Once a second: reads a bounded number of new rows, if there are any. A file that cannot be read changes nothing.
  void look(Duration now);

  const std::vector<store::AccountSummary>& accounts() const { return accounts_; }
  const std::vector<store::PredictionScore>& scores() const { return scores_; }  // of the last thousand
  std::optional<Timestamp> champion_created() const { return champion_created_; }
  // Ends of the newest candles, by market, in the order of the file.
  const std::vector<store::MarketSummary>& markets() const { return markets_; }

 private:
  store::ViewReader& journal_;
  std::int64_t seen_version_ = -1;
  bool complete_ = false;
  Duration scored_;
  std::vector<store::AccountSummary> accounts_;
  std::vector<store::PredictionScore> scores_;
  std::vector<store::MarketSummary> markets_;
  std::optional<Timestamp> champion_created_;
};

}  // namespace candled::server
