// AccountFolds: what the equity points and fills of each account add up to. Both only grow, so each row is read once and folded in.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "candled/store/view_reader.hpp"
#include "store/sqlite.hpp"

namespace candled::store {

class AccountFolds {
 public:
  // ViewReader::accounts. Throws SqliteError.
  std::vector<AccountSummary> fold(const Connection& connection, std::int64_t rows_max);

 private:
  struct Fold {
    AccountSummary summary;
    std::int64_t last_time = std::numeric_limits<std::int64_t>::min(), last_fill = 0;
  };
  static void fold_equity(const Connection& connection, Fold& fold, std::int64_t& rows_left);
  static void fold_fills(const Connection& connection, Fold& fold, std::int64_t& rows_left);

  std::map<std::pair<std::int64_t, std::int64_t>, Fold> folds_;  // by strategy, market
};

}  // namespace candled::store
