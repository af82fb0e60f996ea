#include "model/trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "model/model_check.hpp"
#include "model/ubjson.hpp"

namespace candled::model {
namespace {

// The bytes have passed check_model_bytes, so every key is there.
const UbjValue& at(const UbjValue& object, std::string_view key) {
  for (const auto& [known, value] : object.members) {
    if (known == key) return value;
  }
  invariant_failed("a checked model lacks a key");
}

// Settings allow 20; a chain of a million nodes would be a recursion as deep.
constexpr std::size_t depth_max = 64;

float margin_of_probability(std::string_view text) {
  float probability = 0.5F;
  std::from_chars(text.data(), text.data() + text.size(), probability);
  return -std::log(1.0F / probability - 1.0F);
}

}  // namespace

Result<Trees> Trees::parse(std::string_view bytes, std::size_t columns) {
  if (const Result<void> sound = check_model_bytes(bytes, columns); !sound) return std::unexpected(sound.error());
  const Result<UbjValue> root = parse_ubjson(bytes);
  if (!root) return std::unexpected(root.error());
  const UbjValue& learner = at(*root, "learner");
  Trees trees;
  trees.columns_ = columns;
  trees.base_margin_ = margin_of_probability(at(at(learner, "learner_model_param"), "base_score").text);
  trees.expected_margin_ = static_cast<double>(trees.base_margin_);
  for (const UbjValue& tree : at(at(at(learner, "gradient_booster"), "model"), "trees").items) {
    const UbjValue &left = at(tree, "left_children"), &right = at(tree, "right_children");
    const UbjValue &column = at(tree, "split_indices"), &value = at(tree, "split_conditions");
    const UbjValue &missing_left = at(tree, "default_left"), &cover = at(tree, "sum_hessian");
    const UbjValue& gain = at(tree, "loss_changes");
    const std::size_t begin = trees.nodes_.size();
    trees.roots_.push_back(begin);
    for (std::size_t i = 0; i < left.count; ++i) {
      trees.nodes_.push_back({left.int32_at(i), right.int32_at(i), static_cast<std::uint32_t>(column.int32_at(i)),
                              value.float_at(i), missing_left.uint8_at(i) != 0, cover.float_at(i), gain.float_at(i)});
    }
    // Mean over the training rows, and depth; a child may stand before its parent, so walk from the root.
    std::vector<std::pair<std::size_t, std::size_t>> open = {{begin, 0}};
    const double all = static_cast<double>(trees.nodes_[begin].cover);
    std::size_t depth_of_tree = 0;
    while (!open.empty()) {
      const auto [i, depth] = open.back();
      open.pop_back();
      const Node& node = trees.nodes_[i];
      depth_of_tree = std::max(depth_of_tree, depth);
      if (depth > depth_max)
        return refuse(fmt::format("tree {} is deeper than {}", trees.roots_.size() - 1, depth_max));
      if (node.left < 0) {
        trees.expected_margin_ +=
            static_cast<double>(node.value) * (all > 0 ? static_cast<double>(node.cover) / all : 0);
        continue;
      }
      open.emplace_back(begin + static_cast<std::size_t>(node.left), depth + 1);
      open.emplace_back(begin + static_cast<std::size_t>(node.right), depth + 1);
    }
    trees.depth_ = std::max(trees.depth_, depth_of_tree);
    trees.add_steps(begin, depth_of_tree);
  }
  return trees;
}

// Level by level, so that children stand side by side.
void Trees::add_steps(std::size_t root, std::size_t depth) {
  const auto first = static_cast<std::uint32_t>(steps_.size());
  first_steps_.push_back(first);
  depths_.push_back(static_cast<std::uint32_t>(depth));
  std::vector<std::size_t> level_order = {root};
  for (std::size_t i = 0; i < level_order.size(); ++i) {
    const Node& node = nodes_[level_order[i]];
    const bool is_leaf = node.left < 0;
    const auto leads_to = static_cast<std::uint32_t>(first + (is_leaf ? i : level_order.size()));
    steps_.push_back({is_leaf ? std::numeric_limits<float>::infinity() : node.value, is_leaf ? 0 : node.column,
                      leads_to * 2 + (is_leaf || node.missing_left ? 1U : 0U)});
    leaves_.push_back(is_leaf ? node.value : 0);
    if (is_leaf) continue;
    level_order.push_back(root + static_cast<std::size_t>(node.left));
    level_order.push_back(root + static_cast<std::size_t>(node.right));
  }
}

float Trees::margin(std::span<const float> row) const {
  constexpr std::size_t abreast = 8;
  const float* const values = row.data();
  const Step* const steps = steps_.data();
  float sum = base_margin_;
  std::array<std::uint32_t, abreast> at{};
  const auto walk = [&](std::size_t begin, std::size_t count) {
    std::uint32_t depth = 0;
    for (std::size_t i = 0; i < count; ++i) {
      at[i] = first_steps_[begin + i];
      depth = std::max(depth, depths_[begin + i]);
    }
    for (std::uint32_t level = 0; level < depth; ++level) {
      for (std::size_t i = 0; i < count; ++i) {
        const Step& step = steps[at[i]];
        const float value = values[step.column];
        const auto is_missing = static_cast<std::uint32_t>(value != value);
        const auto is_not_less = static_cast<std::uint32_t>(!(value < step.threshold));  // of a missing one too
        at[i] = (step.left >> 1) + (is_not_less & ~(is_missing & step.left));
      }
    }
    for (std::size_t i = 0; i < count; ++i) sum += leaves_[at[i]];
  };
  std::size_t tree = 0;
  for (; tree + abreast <= first_steps_.size(); tree += abreast) walk(tree, abreast);
  walk(tree, first_steps_.size() - tree);
  return sum;
}

double Trees::probability(std::span<const float> row) const {
  if (row.size() != columns_) invariant_failed("feature row of another length offered to a model");
  return static_cast<double>(1.0F / (std::exp(-margin(row)) + 1.0F + 1e-16F));
}

std::vector<ColumnImportance> Trees::importance() const {
  std::vector<ColumnImportance> columns(columns_);
  for (const Node& node : nodes_) {
    if (node.left < 0) continue;
    ColumnImportance& column = columns[node.column];
    column.gain += static_cast<double>(node.gain);
    column.cover += static_cast<double>(node.cover);
    ++column.splits;
  }
  return columns;
}

}  // namespace candled::model
