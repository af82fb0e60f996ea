// Algorithms: what can be fitted, with all parameters.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::model {

// Gradient boosting, XGBoost `hist`. Rounds are chosen by log loss on the newest `stopping_share` of the training part
// (purged like the hold-out) and the whole training part is then fitted with that many; where that tail has fewer than
// stopping_rows_min rows or one class only, `rounds` are fitted as given.
struct GbdtSettings {
  int rounds = 200;     // at most
  int rounds_min = 10;  // a short tail is noisy: stopping earlier is luck
  int patience = 20;    // rounds without a better log loss before the search ends
  double stopping_share = 0.15;
  std::size_t stopping_rows_min = 50;
  int depth = 4;
  int leaves_max = 0;  // 0: trees grow level by level. More: leaf by leaf, best first, up to so many (and to depth)
  double eta = 0.05;
  double row_share = 0.8;     // of the rows, drawn per tree
  double column_share = 0.8;  // of the columns, drawn per tree
  double child_weight_min = 5;
  double lambda = 1;  // L2 penalty on leaf values
};

// Random forest: XGBoost with num_parallel_tree; all trees are fitted to the labels themselves, a few at a time, and
// their mean is the answer.
struct ForestSettings {
  int trees = 200;
  int depth = 8;
  double row_share = 0.63;     // what a bootstrap sample would hold of distinct rows
  double column_share = 0.35;  // of the columns, drawn per split
  double child_weight_min = 5;
  double lambda = 1;
};

// Soft vote: the weighted mean of the members' probabilities.
struct EnsembleSettings {
  struct Member {
    std::variant<GbdtSettings, ForestSettings> algorithm;
    double weight = 1;  // > 0
  };
  std::vector<Member> members = {{GbdtSettings{}, 1}, {ForestSettings{}, 1}};  // 1 to 16
};

using Algorithm = std::variant<GbdtSettings, ForestSettings, EnsembleSettings>;

// "gbdt", "forest" or "ensemble" (one of each) with its default settings; refuses other names.
Result<Algorithm> algorithm_named(std::string_view kind);
std::string_view kind_of(const Algorithm& algorithm);

// Refuses settings out of range, with the name of the setting.
Result<void> check_algorithm(const Algorithm& algorithm);

}  // namespace candled::model
