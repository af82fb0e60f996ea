#include "store/account_folds.hpp"

#include <algorithm>

#include "store/exact.hpp"

namespace candled::store {

void AccountFolds::fold_equity(const Connection& connection, Fold& fold, std::int64_t& rows_left) {
  Statement points(
      connection,
      "SELECT time, cash, position, price, equity FROM equity_point WHERE strategy = ?1 AND market = ?2 AND time > ?3 "
      "ORDER BY time LIMIT ?4");
  AccountSummary& account = fold.summary;
  points.bind(account.strategy_id, account.market_id, fold.last_time, rows_left);
  while (points.next()) {
    --rows_left;
    const bool first = account.first_time.ns == 0;
    fold.last_time = points.integer(0);
    account.last_time.ns = fold.last_time;
    account.cash = exact<Money>(points, 1);
    account.position = exact<Amount>(points, 2);
    account.price = exact<Price>(points, 3);
    account.equity = exact<Money>(points, 4);
    if (first) {
      account.first_time = account.last_time;
      account.first_equity = account.equity;
      account.first_price = account.price;
    }
    const auto equity = static_cast<double>(account.equity.units());
    account.equity_peak = first ? equity : std::max(account.equity_peak, equity);
    account.drawdown = account.equity_peak > 0 ? 1 - equity / account.equity_peak : 0;
    account.drawdown_max = std::max(account.drawdown_max, account.drawdown);
  }
}

void AccountFolds::fold_fills(const Connection& connection, Fold& fold, std::int64_t& rows_left) {
  Statement fills(
      connection,
      "SELECT number, fee FROM fill WHERE strategy = ?1 AND market = ?2 AND number > ?3 ORDER BY number LIMIT ?4");
  fills.bind(fold.summary.strategy_id, fold.summary.market_id, fold.last_fill, rows_left);
  while (fills.next()) {
    --rows_left;
    fold.last_fill = fills.integer(0);
    ++fold.summary.fills;
    add_exact(fold.summary.fees, exact<Money>(fills, 1));
  }
}

std::vector<AccountSummary> AccountFolds::fold(const Connection& connection, std::int64_t rows_max) {
  std::vector<AccountSummary> all;
  std::int64_t rows_left = rows_max;
  Statement pairs(connection,
                  "SELECT s.id, s.name, s.kind, m.id, m.name FROM strategy s CROSS JOIN market m ORDER BY s.id, m.id");
  while (pairs.next()) {
    Fold& fold = folds_[{pairs.integer(0), pairs.integer(3)}];
    AccountSummary& account = fold.summary;
    account.strategy_id = pairs.integer(0);
    account.strategy = pairs.text(1);
    account.kind = pairs.text(2);
    account.market_id = pairs.integer(3);
    account.market = pairs.text(4);
    if (rows_left > 0) fold_equity(connection, fold, rows_left);
    if (rows_left > 0) fold_fills(connection, fold, rows_left);
    account.complete = rows_left > 0;
    all.push_back(account);
  }
  return all;
}

}  // namespace candled::store
