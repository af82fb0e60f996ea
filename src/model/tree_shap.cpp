// TreeSHAP: what each column adds to the log-odds of one row, exactly.
#include <algorithm>
#include <array>
#include <cmath>

#include "model/trees.hpp"

namespace candled::model {

// Walks one tree and keeps, for the columns on the way down, the weights of all subsets of them at once: the algorithm's
// EXTEND when a split is passed, UNWIND when a column comes again, and one sum per column at each leaf.
class Trees::Explainer {
 public:
  Explainer(std::span<const float> row, double weight, std::span<double> sums, std::size_t depth)
      : row_(row), weight_(weight), sums_(sums), steps_((depth + 2) * (depth + 3)) {}

  void explain(const Node* tree) {
    tree_ = tree;
    visit(0, steps_.data(), 0, {no_column, 1.0, 1.0, 0.0});
  }

 private:
  static constexpr std::uint32_t no_column = UINT32_MAX;
  struct Step {
    std::uint32_t column;
    double zero_share;  // of the rows that go this way when the column is not known
    double one_share;   // 1 where this row goes this way, else 0
    double weight;
  };

  // `path` holds the steps above this node, `length` of them; each level writes into its own stretch behind it.
  void visit(std::int32_t index, Step* path, std::size_t length, Step next) {
    extend(path, length, next);
    ++length;
    const Node& node = tree_[index];
    if (node.left < 0) return settle(path, length, weight_ * static_cast<double>(node.value));
    const float value = row_[node.column];
    const bool goes_left = std::isnan(value) ? node.missing_left : value < node.value;
    const std::int32_t hot = goes_left ? node.left : node.right, cold = goes_left ? node.right : node.left;
    double zero_share = 1, one_share = 1;
    for (std::size_t i = 1; i < length; ++i) {
      if (path[i].column != node.column) continue;
      zero_share = path[i].zero_share;
      one_share = path[i].one_share;
      unwind(path, length, i);
      --length;
      break;
    }
    const double cover = static_cast<double>(node.cover);
    // Never zero, whatever the file says: the steps are divided by it when they are unwound.
    const auto share = [&](std::int32_t child) {
      const double ratio = static_cast<double>(tree_[child].cover) / cover;
      return ratio > 1e-9 ? std::min(ratio, 1.0) : 1e-9;
    };
    Step* const below = path + length;
    std::copy(path, path + length, below);
    visit(hot, below, length, {node.column, zero_share * share(hot), one_share, 0.0});
    std::copy(path, path + length, below);
    visit(cold, below, length, {node.column, zero_share * share(cold), 0.0, 0.0});
  }

  // A step's one_share is 1 or 0, which is what makes the sums below short.
  static void extend(Step* path, std::size_t length, Step next) {
    next.weight = length == 0 ? 1.0 : 0.0;
    path[length] = next;
    const double part = one_over[length + 1];
    for (std::size_t i = length; i-- > 0;) {
      if (next.one_share != 0) path[i + 1].weight += path[i].weight * static_cast<double>(i + 1) * part;
      path[i].weight *= next.zero_share * static_cast<double>(length - i) * part;
    }
  }

  static void unwind(Step* path, std::size_t length, std::size_t at) {
    const std::size_t last = length - 1;
    const double zero = path[at].zero_share, steps = static_cast<double>(length), part = one_over[length];
    if (path[at].one_share != 0) {
      double next = path[last].weight;
      for (std::size_t i = last; i-- > 0;) {
        const double before = path[i].weight;
        path[i].weight = next * steps * one_over[i + 1];
        next = before - path[i].weight * zero * static_cast<double>(last - i) * part;
      }
    } else {
      for (std::size_t i = last; i-- > 0;) path[i].weight *= steps * one_over[last - i] / zero;
    }
    for (std::size_t i = at; i < last; ++i) {
      path[i].column = path[i + 1].column;
      path[i].zero_share = path[i + 1].zero_share;
      path[i].one_share = path[i + 1].one_share;
    }
  }

  // At a leaf: each column of the path gets what would be left of the weights without it, times what it changes. For
  // columns that this row does not follow, the share that is unwound cancels out: one sum serves them all.
  void settle(const Step* path, std::size_t length, double leaf) {
    const std::size_t last = length - 1;
    const double steps = static_cast<double>(length);
    double cold = 0;
    for (std::size_t i = 0; i < last; ++i) cold += path[i].weight * one_over[last - i];
    cold *= -steps * leaf;
    for (std::size_t at = 1; at < length; ++at) {
      const Step& step = path[at];
      if (step.one_share == 0) {
        sums_[step.column] += cold;
      } else {
        sums_[step.column] +=
            hot_sum(path, last, step.zero_share * one_over[length]) * steps * (1 - step.zero_share) * leaf;
      }
    }
  }

  static double hot_sum(const Step* path, std::size_t last, double zero) {
    double next = path[last].weight, sum = 0;
    const double steps = static_cast<double>(last + 1);
    for (std::size_t i = last; i-- > 0;) {
      const double weight = next * one_over[i + 1];
      sum += weight;
      next = path[i].weight - weight * steps * zero * static_cast<double>(last - i);
    }
    return sum;
  }

  // Divisions are what a leaf would spend its time on.
  static constexpr std::array<double, 80> one_over = [] {
    std::array<double, 80> table{};
    for (std::size_t i = 1; i < table.size(); ++i) table[i] = 1.0 / static_cast<double>(i);
    return table;
  }();

  std::span<const float> row_;
  double weight_;
  std::span<double> sums_;
  std::vector<Step> steps_;
  const Node* tree_ = nullptr;
};

void Trees::add_contributions(std::span<const float> row, double weight, std::span<double> sums) const {
  if (row.size() != columns_ || sums.size() != columns_)
    invariant_failed("contributions asked of a row of another length");
  Explainer explainer(row, weight, sums, depth_);
  for (const std::size_t root : roots_) explainer.explain(&nodes_[root]);
}

}  // namespace candled::model
