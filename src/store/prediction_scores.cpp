#include "store/prediction_scores.hpp"

#include "store/exact.hpp"

namespace candled::store {

std::vector<PredictionScore> read_scores(ViewConnection& connection, std::int64_t predictions_max) {
  std::vector<PredictionScore> all;
  Statement rows(
      connection.sql(),
      std::string("SELECT p.probability_up, ").append(outcome_sql) +
          " FROM prediction p "
          "CROSS JOIN candle c ON c.market = p.market AND c.open_time = p.open_time AND c.state < 2 "
          "CROSS JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon AND "
          "later.state < 2 "
          "WHERE p.market = ?1 ORDER BY p.open_time DESC LIMIT ?2");
  for (const auto& market : connection.markets()) {
    PredictionScore score{market.name, 0, 0, 0};
    rows.bind(market.id, predictions_max);
    while (rows.next()) {
      const double probability = rows.real(0);
      const bool up = rows.integer(1) != 0;
      ++score.count;
      score.hits += (probability > 0.5) == up ? 1 : 0;
      score.brier += (probability - (up ? 1 : 0)) * (probability - (up ? 1 : 0));
    }
    if (score.count > 0) score.brier /= static_cast<double>(score.count);
    all.push_back(score);
  }
  return all;
}

}  // namespace candled::store
