// Trees: an XGBoost model as plain arrays, asked about one row without the library.
//
// XGBoost needs 26 us (p50) to 60 us (p99) for one row, nearly all of it around the trees. Here eight trees are walked at a
// time, all as deep as the deepest of them, without a branch that a processor could guess wrongly. The answer is the
// library's to the last bit: the same comparisons and the same order of float additions (src/predictor/cpu_predictor.cc and
// src/common/math.h of 1.7; a test compares thousands of rows). Bytes from a file never reach the library at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::model {

struct ColumnImportance {
  double gain = 0;   // loss that splits on the column took away, summed
  double cover = 0;  // hessian weight of the rows that met such a split, summed
  std::size_t splits = 0;
};

class Trees {
 public:
  // bytes: UBJSON from anywhere; what check_model_bytes refuses is refused.
  static Result<Trees> parse(std::string_view bytes, std::size_t columns);

  // Rows as to_library_value gives them: NaN is missing, there is no infinity.
  double probability(std::span<const float> row) const;  // as the library rounds it
  float margin(std::span<const float> row) const;        // log-odds

  // Adds `weight` times each column's share of the log-odds to sums[column]: exact path-dependent Shapley values
  // (TreeSHAP; S. Lundberg, G. Erion, S. Lee 2018, algorithm 2). The shares and expected_margin() add up to margin().
  void add_contributions(std::span<const float> row, double weight, std::span<double> sums) const;
  double expected_margin() const { return expected_margin_; }  // over the rows it was trained on

  std::vector<ColumnImportance> importance() const;
  std::size_t columns() const { return columns_; }

 private:
  struct Node {
    std::int32_t left = -1;  // -1: a leaf
    std::int32_t right = -1;
    std::uint32_t column = 0;
    float value = 0;  // threshold, or what the leaf adds
    bool missing_left = false;
    float cover = 0;
    float gain = 0;
  };
  // A node as the walk wants it, 12 bytes: the right child stands behind the left one; a leaf leads to itself.
  struct Step {
    float threshold = 0;
    std::uint32_t column = 0;
    std::uint32_t left = 0;  // of all steps; times two, plus one where a missing value goes left
  };
  class Explainer;

  void add_steps(std::size_t root, std::size_t depth);

  std::size_t columns_ = 0;
  float base_margin_ = 0;
  double expected_margin_ = 0;
  std::vector<Node> nodes_;         // of all trees; children count within the tree
  std::vector<std::size_t> roots_;  // where each tree begins
  std::size_t depth_ = 0;           // most splits above a leaf
  std::vector<Step> steps_;         // of all trees, reordered
  std::vector<float> leaves_;       // beside the steps: what a leaf adds
  std::vector<std::uint32_t> first_steps_;
  std::vector<std::uint32_t> depths_;  // of each tree
};

}  // namespace candled::model
