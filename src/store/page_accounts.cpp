// Accounts and scores: what the equity points, fills and predictions add up to. Points and fills only grow, so each is
// read once and folded in.
#include <algorithm>

#include "candled/domain/fixed_point.hpp"
#include "store/view_implementation.hpp"

namespace candled::store {

void ViewReader::Implementation::fold_equity(Fold& fold, std::int64_t& rows_left) {
  Statement points(connection,
                   "SELECT time, cash, position, price, equity FROM equity_point WHERE strategy = ?1 AND market = ?2 AND time > ?3 "
                   "ORDER BY time LIMIT ?4");
  AccountSummary& account = fold.summary;
  points.bind(account.strategy_id, account.market_id, fold.last_time, rows_left);
  while (points.next()) {
    --rows_left;
    const bool first = account.first_time.ns == 0;
    fold.last_time = points.integer(0);
    account.last_time.ns = fold.last_time;
    account.cash = points.integer(1);
    account.position = points.integer(2);
    account.price = points.integer(3);
    account.equity = points.integer(4);
    if (first) {
      account.first_time = account.last_time;
      account.first_equity = account.equity;
      account.first_price = account.price;
    }
    const auto equity = static_cast<double>(account.equity);
    account.equity_peak = first ? equity : std::max(account.equity_peak, equity);
    account.drawdown = account.equity_peak > 0 ? 1 - equity / account.equity_peak : 0;
    account.drawdown_max = std::max(account.drawdown_max, account.drawdown);
  }
}

void ViewReader::Implementation::fold_fills(Fold& fold, std::int64_t& rows_left) {
  Statement fills(connection, "SELECT number, fee FROM fill WHERE strategy = ?1 AND market = ?2 AND number > ?3 ORDER BY number LIMIT ?4");
  fills.bind(fold.summary.strategy_id, fold.summary.market_id, fold.last_fill, rows_left);
  while (fills.next()) {
    --rows_left;
    fold.last_fill = fills.integer(0);
    ++fold.summary.fills;
    fold.summary.fees += fills.integer(1);
  }
}

Result<std::vector<AccountSummary>> ViewReader::accounts(std::int64_t rows_max) {
  return implementation_->reading([&] {
    Implementation& self = *implementation_;
    std::vector<AccountSummary> all;
    std::int64_t rows_left = rows_max;
    Statement pairs(self.connection, "SELECT s.id, s.name, s.kind, m.id, m.name FROM strategy s CROSS JOIN market m ORDER BY s.id, m.id");
    while (pairs.next()) {
      Implementation::Fold& fold = self.folds[{pairs.integer(0), pairs.integer(3)}];
      AccountSummary& account = fold.summary;
      account.strategy_id = pairs.integer(0);
      account.strategy = pairs.text(1);
      account.kind = pairs.text(2);
      account.market_id = pairs.integer(3);
      account.market = pairs.text(4);
      if (rows_left > 0) self.fold_equity(fold, rows_left);
      if (rows_left > 0) self.fold_fills(fold, rows_left);
      account.complete = rows_left > 0;
      all.push_back(account);
    }
    return all;
  });
}

Result<std::vector<PredictionScore>> ViewReader::scores(std::int64_t predictions_max) {
  return implementation_->reading([&] {
    std::vector<PredictionScore> all;
    Statement rows(implementation_->connection,
                   "SELECT p.probability_up, later.close > c.close FROM prediction p "
                   "CROSS JOIN candle c ON c.market = p.market AND c.open_time = p.open_time AND c.state < 2 "
                   "CROSS JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon AND later.state < 2 "
                   "WHERE p.market = ?1 ORDER BY p.open_time DESC LIMIT ?2");
    for (const auto& market : implementation_->markets()) {
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
  });
}

}  // namespace candled::store
