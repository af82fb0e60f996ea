// The recursive check: how many candles a feature needs until it no longer matters where it started.
//
// One set sees the whole history; others start at places inside it. A feature has warmed up when, from there on, both
// agree to 1e-9 of the value or of the feature's mean size, whichever is larger.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/time.hpp"
#include "candled/features/feature_set.hpp"

namespace candled::features {

struct WarmUp {
  std::string name;
  int declared_candles = 0;  // the first row that can have a value, counted from 1
  bool ever_known = false;   // false: the history lacks what the feature needs, or has too little of it to tell
  std::optional<int>
      measured_candles;  // the first row from which on the start no longer matters; empty: not within the limit, or never known
};

// Fed the candles of a market in time order.
class WarmUpCheck {
 public:
  // `names` as in FeatureSet. A set starts at each of the places (positions of candles, rising) and is followed for
  // limit_candles; where the history ends too early, it counts only up to there.
  WarmUpCheck(Duration interval, std::span<const std::string> names, std::vector<std::size_t> places,
              int limit_candles);

  // `row` is the candle's row of the set that has seen everything.
  void update(const Candle& candle, std::span<const double> row, const BookFacts* book = nullptr);
  // Over all places: the longest of each feature.
  std::vector<WarmUp> result() const;
  std::size_t places_followed() const { return followed_; }

 private:
  struct Follower {
    FeatureSet set;
    int candles = 0;
    std::vector<int> last_disagreement;  // candle of this follower, counted from 1; 0: none
    std::vector<int> known;              // candles whose values of both sets were compared
  };
  void compare(Follower& follower, std::span<const double> row, std::span<const double> other) const;
  void finish(const Follower& follower);

  Duration interval_;
  std::vector<std::string> names_;
  std::vector<std::size_t> places_;  // those to come, the next one last
  int limit_candles_;
  std::size_t position_ = 0;
  std::vector<Follower> followers_;
  std::vector<double> size_sums_;  // of absolute values
  std::vector<double> size_counts_;
  std::vector<int> longest_;
  std::vector<int> most_known_;  // of one follower
  std::size_t followed_ = 0;
};

// So many places, evenly spread over a history, that leave limit_candles after the last one where possible.
std::vector<std::size_t> places_to_start(std::size_t candles, std::size_t wanted, int limit_candles);

}  // namespace candled::features
