#include "model/model_check.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "model/ubjson.hpp"

namespace candled::model {
namespace {

constexpr std::int32_t no_parent = std::numeric_limits<std::int32_t>::max();
// No leaf comes near it; a sum of a hundred thousand such leaves is still a finite float.
constexpr float leaf_max = 1e6F;
constexpr std::size_t trees_max = 100'000;

const UbjValue* member(const UbjValue& object, std::string_view key) {
  for (const auto& [known, value] : object.members) {
    if (known == key) return &value;
  }
  return nullptr;
}

// An object with these keys and no others.
bool has_exactly(const UbjValue* object, std::span<const std::string_view> keys) {
  if (object == nullptr || object->kind != '{' || object->members.size() != keys.size()) return false;
  for (const std::string_view key : keys) {
    if (member(*object, key) == nullptr) return false;
  }
  return true;
}
bool has_exactly(const UbjValue* object, std::initializer_list<std::string_view> keys) {
  return has_exactly(object, std::span(keys.begin(), keys.size()));
}

bool is_text(const UbjValue& object, std::string_view key, std::string_view wanted) {
  const UbjValue* value = member(object, key);
  return value != nullptr && value->kind == 'S' && value->text == wanted;
}

bool is_count(const UbjValue& object, std::string_view key, std::size_t wanted) {
  return is_text(object, key, std::to_string(wanted));
}

// A whole number of parts, at least one each.
bool divides(const UbjValue& object, std::string_view key, std::size_t whole) {
  const UbjValue* value = member(object, key);
  if (value == nullptr || value->kind != 'S') return false;
  std::size_t number = 0;
  const char* const end = value->text.data() + value->text.size();
  const auto [stopped, error] = std::from_chars(value->text.data(), end, number);
  return error == std::errc{} && stopped == end && number > 0 && whole % number == 0;
}

bool is_probability_text(const UbjValue& object, std::string_view key) {
  const UbjValue* value = member(object, key);
  if (value == nullptr || value->kind != 'S') return false;
  double number = 0;
  const char* const end = value->text.data() + value->text.size();
  const auto [stopped, error] = std::from_chars(value->text.data(), end, number);
  return error == std::errc{} && stopped == end && number > 0 && number < 1;
}

bool is_empty_array(const UbjValue& object, std::string_view key) {
  const UbjValue* value = member(object, key);
  return value != nullptr && (value->kind == '[' ? value->items.empty() : value->kind == '$' && value->count == 0);
}

// A typed array of `count` elements, or nullptr.
const UbjValue* column(const UbjValue& tree, std::string_view key, char type, std::size_t count) {
  const UbjValue* value = member(tree, key);
  return value != nullptr && value->kind == '$' && value->element_type == type && value->count == count ? value
                                                                                                        : nullptr;
}

struct Nodes {
  const UbjValue *left, *right, *parents, *split_indices, *split_conditions, *split_type, *default_left;
};

// Every child names its parent and the root has none, so no node is reached twice and no path comes back.
bool is_sound_node(const Nodes& nodes, std::size_t i, std::size_t count, std::size_t feature_count) {
  const auto split_index = nodes.split_indices->int32_at(i);
  if (split_index < 0 || static_cast<std::size_t>(split_index) >= feature_count) return false;
  if (nodes.split_type->uint8_at(i) != 0 || nodes.default_left->uint8_at(i) > 1) return false;
  const std::int32_t left = nodes.left->int32_at(i), right = nodes.right->int32_at(i);
  if (left == -1 && right == -1) return std::abs(nodes.split_conditions->float_at(i)) <= leaf_max;
  if (left == right) return false;
  for (const std::int32_t child : {left, right}) {
    if (child <= 0 || static_cast<std::size_t>(child) >= count) return false;
    if (nodes.parents->int32_at(static_cast<std::size_t>(child)) != static_cast<std::int32_t>(i)) return false;
  }
  return true;
}

bool is_sound_tree(const UbjValue& tree, std::size_t id, std::size_t feature_count) {
  if (!has_exactly(&tree, {"base_weights", "categories", "categories_nodes", "categories_segments", "categories_sizes",
                           "default_left", "id", "left_children", "loss_changes", "parents", "right_children",
                           "split_conditions", "split_indices", "split_type", "sum_hessian", "tree_param"})) {
    return false;
  }
  const UbjValue* number = member(tree, "id");
  const std::size_t count = member(tree, "left_children")->count;
  if (number->kind != 'i' || number->integer != static_cast<std::int64_t>(id)) return false;
  if (count == 0 || count > static_cast<std::size_t>(no_parent)) return false;
  const UbjValue* parameters = member(tree, "tree_param");
  if (!has_exactly(parameters, {"num_deleted", "num_feature", "num_nodes", "size_leaf_vector"}) ||
      !is_count(*parameters, "num_deleted", 0) || !is_count(*parameters, "num_feature", feature_count) ||
      !is_count(*parameters, "num_nodes", count) || !is_count(*parameters, "size_leaf_vector", 0)) {
    return false;
  }
  for (const std::string_view key : {"categories", "categories_nodes", "categories_segments", "categories_sizes"}) {
    if (!is_empty_array(tree, key)) return false;
  }
  for (const std::string_view key : {"base_weights", "loss_changes", "sum_hessian"}) {
    if (column(tree, key, 'd', count) == nullptr) return false;
  }
  const Nodes nodes{column(tree, "left_children", 'l', count),    column(tree, "right_children", 'l', count),
                    column(tree, "parents", 'l', count),          column(tree, "split_indices", 'l', count),
                    column(tree, "split_conditions", 'd', count), column(tree, "split_type", 'U', count),
                    column(tree, "default_left", 'U', count)};
  for (const UbjValue* part : {nodes.left, nodes.right, nodes.parents, nodes.split_indices, nodes.split_conditions,
                               nodes.split_type, nodes.default_left}) {
    if (part == nullptr) return false;
  }
  if (nodes.parents->int32_at(0) != no_parent) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_sound_node(nodes, i, count, feature_count)) return false;
  }
  return true;
}

Result<void> check_booster(const UbjValue& booster, std::size_t feature_count) {
  const UbjValue* model = member(booster, "model");
  if (!is_text(booster, "name", "gbtree") || !has_exactly(model, {"gbtree_model_param", "tree_info", "trees"})) {
    return refuse("not a model of trees");
  }
  const UbjValue* parameters = member(*model, "gbtree_model_param");
  const UbjValue* trees = member(*model, "trees");
  const UbjValue* groups = member(*model, "tree_info");
  const std::size_t count = trees->items.size();
  // XGBoost cuts the trees into rounds of num_parallel_tree.
  if (!has_exactly(parameters, {"num_parallel_tree", "num_trees", "size_leaf_vector"}) || trees->kind != '[' ||
      groups->kind != '[' || groups->items.size() != count || count == 0 || count > trees_max ||
      !is_count(*parameters, "num_trees", count) || !is_count(*parameters, "size_leaf_vector", 0) ||
      !divides(*parameters, "num_parallel_tree", count)) {
    return refuse("its trees do not add up");
  }
  for (const UbjValue& group : groups->items) {
    if (group.kind != 'i' || group.integer != 0) return refuse("its trees belong to several outputs");
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_sound_tree(trees->items[i], i, feature_count)) return refuse(fmt::format("tree {} is not sound", i));
  }
  return {};
}

}  // namespace

Result<void> check_model_bytes(std::string_view bytes, std::size_t feature_count) {
  const Result<UbjValue> root = parse_ubjson(bytes);
  if (!root) return std::unexpected(root.error());
  const UbjValue* learner = root->kind == '{' ? member(*root, "learner") : nullptr;
  if (!has_exactly(&*root, {"learner", "version"}) ||
      !has_exactly(learner, {"attributes", "feature_names", "feature_types", "gradient_booster", "learner_model_param",
                             "objective"})) {
    return refuse("not an XGBoost model of the kind that is written here");
  }
  const UbjValue* version = member(*root, "version");
  if (version->kind != '[' || version->items.size() != 3 || version->items[0].kind != 'i' ||
      version->items[1].kind != 'i' || version->items[2].kind != 'i' || version->items[0].integer != 1) {
    return refuse("not a model of XGBoost 1");
  }
  const UbjValue* parameters = member(*learner, "learner_model_param");
  const UbjValue* objective = member(*learner, "objective");
  if (!has_exactly(member(*learner, "attributes"), {}) || !is_empty_array(*learner, "feature_names") ||
      !is_empty_array(*learner, "feature_types") || !has_exactly(objective, {"name", "reg_loss_param"}) ||
      !is_text(*objective, "name", "binary:logistic") ||
      !has_exactly(member(*objective, "reg_loss_param"), {"scale_pos_weight"}) ||
      !is_text(*member(*objective, "reg_loss_param"), "scale_pos_weight", "1") ||
      !has_exactly(parameters, {"base_score", "boost_from_average", "num_class", "num_feature", "num_target"}) ||
      !is_count(*parameters, "boost_from_average", 0) || !is_count(*parameters, "num_class", 0) ||
      !is_count(*parameters, "num_target", 1) || !is_probability_text(*parameters, "base_score")) {
    return refuse("not a model that answers with one probability");
  }
  if (!is_count(*parameters, "num_feature", feature_count)) {
    return refuse(fmt::format("the model takes {} features, the rows have {}",
                              member(*parameters, "num_feature")->text.substr(0, 20), feature_count));
  }
  return check_booster(*member(*learner, "gradient_booster"), feature_count);
}

}  // namespace candled::model
