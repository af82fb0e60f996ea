// TreeSHAP: what each column adds to the log-odds of one row, exactly.
#include <algorithm>
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
    if (node.left < 0) {
      for (std::size_t i = 1; i < length; ++i) {
        const Step& step = path[i];
        sums_[step.column] += weight_ * unwound_sum(path, length, i) * (step.one_share - step.zero_share) *
                              static_cast<double>(node.value);
      }
      return;
    }
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

  static void extend(Step* path, std::size_t length, Step next) {
    next.weight = length == 0 ? 1.0 : 0.0;
    path[length] = next;
    for (std::size_t i = length; i-- > 0;) {
      const double steps = static_cast<double>(length + 1);
      path[i + 1].weight += next.one_share * path[i].weight * static_cast<double>(i + 1) / steps;
      path[i].weight = next.zero_share * path[i].weight * static_cast<double>(length - i) / steps;
    }
  }

  static void unwind(Step* path, std::size_t length, std::size_t at) {
    const std::size_t last = length - 1;
    const double one = path[at].one_share, zero = path[at].zero_share, steps = static_cast<double>(length);
    double next = path[last].weight;
    for (std::size_t i = last; i-- > 0;) {
      if (one != 0) {
        const double before = path[i].weight;
        path[i].weight = next * steps / (static_cast<double>(i + 1) * one);
        next = before - path[i].weight * zero * static_cast<double>(last - i) / steps;
      } else {
        path[i].weight = path[i].weight * steps / (zero * static_cast<double>(last - i));
      }
    }
    for (std::size_t i = at; i < last; ++i) {
      path[i].column = path[i + 1].column;
      path[i].zero_share = path[i + 1].zero_share;
      path[i].one_share = path[i + 1].one_share;
    }
  }

  // The sum of the weights that would be left if step `at` were unwound.
  static double unwound_sum(const Step* path, std::size_t length, std::size_t at) {
    const std::size_t last = length - 1;
    const double one = path[at].one_share, zero = path[at].zero_share, steps = static_cast<double>(length);
    double next = path[last].weight, sum = 0;
    for (std::size_t i = last; i-- > 0;) {
      if (one != 0) {
        const double weight = next * steps / (static_cast<double>(i + 1) * one);
        sum += weight;
        next = path[i].weight - weight * zero * static_cast<double>(last - i) / steps;
      } else if (zero != 0) {
        sum += path[i].weight * steps / (zero * static_cast<double>(last - i));
      }
    }
    return sum;
  }

  std::span<const float> row_;
  double weight_;
  std::span<double> sums_;
  std::vector<Step> steps_;
  const Node* tree_ = nullptr;
};

void Trees::add_contributions(std::span<const float> row, double weight, std::span<double> sums) const {
  if (row.size() != columns_ || sums.size() != columns_) invariant_failed("contributions asked of a row of another length");
  Explainer explainer(row, weight, sums, depth_);
  for (const std::size_t root : roots_) explainer.explain(&nodes_[root]);
}

}  // namespace candled::model
