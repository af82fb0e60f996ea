#include "model/trees.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

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
    while (!open.empty()) {
      const auto [i, depth] = open.back();
      open.pop_back();
      const Node& node = trees.nodes_[i];
      trees.depth_ = std::max(trees.depth_, depth);
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
  }
  return trees;
}

float Trees::margin(std::span<const float> row) const {
  float sum = base_margin_;
  for (const std::size_t root : roots_) {
    const Node* const tree = &nodes_[root];
    const Node* node = tree;
    while (node->left >= 0) {
      const float value = row[node->column];
      const bool goes_left = std::isnan(value) ? node->missing_left : value < node->value;
      node = tree + (goes_left ? node->left : node->right);
    }
    sum += node->value;
  }
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
