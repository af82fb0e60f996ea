// IdLocator: finds a time to page from for a trade of which only the id is known, where the exchange pages by time. Steps back from a guess by growing spans
// until a page begins at or before the id, then halves the span until few pages lie between. An empty page where trades were seen behind it is
// asked for again. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "ingest/pager.hpp"

namespace candled::ingest {

class IdLocator {
 public:
  IdLocator(std::int64_t id, Timestamp guess) : id_(id), probe_(guess) {}

  // Ask for the page that follows this time and give it to accept(); found: page on from here.
  Timestamp probe() const { return probe_; }

  enum class Verdict { ask_again, found, nowhere };
  Verdict accept(const TradesPage& page);

 private:
  static constexpr int probes_max = 80;
  static constexpr Duration near_enough = Duration::milliseconds(1);
  static constexpr std::int64_t pages_between_max = 4;

  bool lies(const TradesPage& page) const { return page.trades.empty() && probe_ < newest_; }

  std::int64_t id_;
  Timestamp probe_;
  std::optional<Timestamp> before_, behind_;  // probes whose pages begin at or before the id, and behind it
  Timestamp newest_;                          // trade that was seen
  Duration step_ = Duration::minutes(1);
  int probes_ = 0;
};

}  // namespace candled::ingest
