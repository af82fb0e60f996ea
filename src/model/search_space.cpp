#include <fmt/format.h>

#include <cmath>

#include "candled/model/tuning.hpp"

namespace candled::model {
namespace {

// What each settings type has of the parameters that can be searched; false where it has not.
bool set(GbdtSettings& s, std::string_view name, double value) {
  if (name == "rounds")
    s.rounds = static_cast<int>(value);
  else if (name == "depth")
    s.depth = static_cast<int>(value);
  else if (name == "learning_rate")
    s.eta = value;
  else if (name == "row_share")
    s.row_share = value;
  else if (name == "column_share")
    s.column_share = value;
  else if (name == "child_weight_min")
    s.child_weight_min = value;
  else if (name == "lambda")
    s.lambda = value;
  else
    return false;
  return true;
}

bool set(ForestSettings& s, std::string_view name, double value) {
  if (name == "rounds")
    s.trees = static_cast<int>(value);
  else if (name == "depth")
    s.depth = static_cast<int>(value);
  else if (name == "row_share")
    s.row_share = value;
  else if (name == "column_share")
    s.column_share = value;
  else if (name == "child_weight_min")
    s.child_weight_min = value;
  else if (name == "lambda")
    s.lambda = value;
  else
    return false;
  return true;
}

bool set(EnsembleSettings& s, std::string_view name, double value) {
  bool known = false;
  for (EnsembleSettings::Member& member : s.members) {
    known |= std::visit([&](auto& algorithm) { return set(algorithm, name, value); }, member.algorithm);
  }
  return known;
}

}  // namespace

std::vector<Dimension> search_space(const Algorithm& algorithm, std::size_t column_count) {
  const bool boosts = !std::holds_alternative<ForestSettings>(algorithm);
  std::vector<Dimension> space = {{"depth", 2, boosts ? 8.0 : 12.0, false, true},
                                  {"row_share", 0.4, 1, false, false},
                                  {"column_share", 0.2, 1, false, false},
                                  {"child_weight_min", 1, 300, true, false},
                                  {"lambda", 0.1, 100, true, false},
                                  {"dead_zone_bps", 0, 10, false, false}};
  if (boosts) space.push_back({"learning_rate", 0.01, 0.3, true, false});
  if (column_count > 8) space.push_back({"columns_max", 8, static_cast<double>(column_count), true, true});
  return space;
}

Result<TrainingSettings> with_parameters(TrainingSettings settings, std::span<const Parameter> parameters) {
  for (const auto& [name, value] : parameters) {
    if (!std::isfinite(value) || std::abs(value) > 1e9)
      return refuse(fmt::format("parameter {} is not a number", name));
    if (name == "dead_zone_bps") {
      settings.labels.dead_zone_bps = value;
    } else if (name == "columns_max") {
      settings.columns_max = static_cast<std::size_t>(std::max(0.0, value));
    } else if (!std::visit([&](auto& algorithm) { return set(algorithm, name, value); }, settings.algorithm)) {
      return refuse(fmt::format("parameter '{}' is none of a {}", name.substr(0, 64), kind_of(settings.algorithm)));
    }
  }
  return settings;
}

}  // namespace candled::model
