// Markets whose best possible accuracy is known: the next close is one watermark up with a probability that is written down
// for every row.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/made_rows.hpp"

namespace candled::model {

struct MadeMarket {
  TrainingRows rows;
  std::vector<double> up_probabilities;  // of the next close, row by row
};

// up(row, i): does this row favour up? It then happens with probability `best`, else with 1 - best.
inline MadeMarket made_market(std::size_t count, double best, std::uint64_t seed,
                              const std::function<bool(std::span<const double>, std::size_t)>& favours_up) {
  MadeMarket market{made_rows(count, 0.5, seed), {}};
  std::mt19937_64 random(seed + 77);
  std::int64_t close = 1'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    market.rows.closes[i] = Price::from_units(close);
    market.up_probabilities.push_back(favours_up(market.rows.row(i), i) ? best : 1 - best);
    close += uniform(random) < market.up_probabilities.back() ? 1 : -1;
  }
  return market;
}

// One column decides.
inline MadeMarket threshold_market(std::size_t count, double best, std::uint64_t seed) {
  return made_market(count, best, seed, [](std::span<const double> row, std::size_t) { return row[1] > 0.5; });
}

// Two columns decide together, and neither alone tells anything.
inline MadeMarket crossed_market(std::size_t count, double best, std::uint64_t seed) {
  return made_market(count, best, seed,
                     [](std::span<const double> row, std::size_t) { return (row[1] > 0.5) == (row[0] > 0.5); });
}

// What the column means turns round every 400 rows; another column, "noise_a", tells which way it is.
inline MadeMarket regime_market(std::size_t count, double best, std::uint64_t seed) {
  MadeMarket market = made_market(count, best, seed, [](std::span<const double> row, std::size_t i) {
    return (row[1] > 0.5) == (i / 400 % 2 == 0);
  });
  for (std::size_t i = 0; i < count; ++i) market.rows.features[i * 4] = i / 400 % 2 == 0 ? 0.2 : 0.8;
  return market;
}

// The market is easy in one half of the time and pure noise in the other; "noise_a" tells which: the best accuracy is the
// mean over both.
inline MadeMarket fading_market(std::size_t count, double best, std::uint64_t seed) {
  const double strong = 2 * best - 0.5;  // with 0.5 half of the time the mean is `best`
  MadeMarket market =
      made_market(count, strong, seed, [](std::span<const double> row, std::size_t) { return row[1] > 0.5; });
  std::mt19937_64 random(seed + 78);
  std::int64_t close = 1'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    const bool quiet = i / 250 % 2 == 1;
    market.rows.features[i * 4] = quiet ? 0.8 : 0.2;
    market.rows.closes[i] = Price::from_units(close);
    if (quiet) market.up_probabilities[i] = 0.5;
    close += uniform(random) < market.up_probabilities[i] ? 1 : -1;
  }
  return market;
}

using MakeMarket = MadeMarket (*)(std::size_t, double, std::uint64_t);
inline std::vector<std::pair<std::string, MakeMarket>> made_markets() {
  return {{"threshold", threshold_market},
          {"crossed", crossed_market},
          {"regimes", regime_market},
          {"fading", fading_market}};
}

}  // namespace candled::model
