#include "candled/model/algorithm.hpp"

#include <fmt/format.h>

#include <string>

namespace candled::model {
namespace {

constexpr std::size_t members_max = 16;

bool is_share(double value) { return value > 0 && value <= 1; }
bool is_amount(double value) { return value >= 0 && value < 1e9; }

template <class Settings>
std::string check_common(const Settings& s) {
  if (s.depth < 1 || s.depth > 20) return "depth must be 1 to 20";
  if (!is_share(s.row_share)) return "row_share must be above 0, at most 1";
  if (!is_share(s.column_share)) return "column_share must be above 0, at most 1";
  if (!is_amount(s.child_weight_min)) return "child_weight_min must not be negative";
  if (!is_amount(s.lambda)) return "lambda must not be negative";
  return {};
}

std::string check(const GbdtSettings& s) {
  if (s.rounds < 1 || s.rounds > 10'000) return "rounds must be 1 to 10000";
  if (s.rounds_min < 1) return "rounds_min must be at least 1";
  if (s.patience < 1) return "patience must be at least 1";
  if (!(s.stopping_share > 0 && s.stopping_share < 1)) return "stopping_share must be between 0 and 1";
  if (s.leaves_max < 0 || s.leaves_max == 1 || s.leaves_max > 100'000) return "leaves_max must be 0 or 2 to 100000";
  if (!is_share(s.eta)) return "eta must be above 0, at most 1";
  return check_common(s);
}

std::string check(const ForestSettings& s) {
  if (s.trees < 1 || s.trees > 10'000) return "trees must be 1 to 10000";
  return check_common(s);
}

std::string check(const EnsembleSettings& s) {
  if (s.members.empty() || s.members.size() > members_max) {
    return fmt::format("an ensemble has 1 to {} members", members_max);
  }
  for (const EnsembleSettings::Member& member : s.members) {
    if (!(member.weight > 0 && member.weight < 1e9)) return "the weight of a member must be above 0";
    if (std::string wrong = std::visit([](const auto& a) { return check(a); }, member.algorithm); !wrong.empty()) {
      return wrong;
    }
  }
  return {};
}

}  // namespace

Result<Algorithm> algorithm_named(std::string_view kind) {
  if (kind == "gbdt") return GbdtSettings{};
  if (kind == "forest") return ForestSettings{};
  if (kind == "ensemble") return EnsembleSettings{};
  return refuse(fmt::format("unknown model kind '{}' (gbdt, forest or ensemble)", kind.substr(0, 64)));
}

std::string_view kind_of(const Algorithm& algorithm) {
  if (std::holds_alternative<GbdtSettings>(algorithm)) return "gbdt";
  return std::holds_alternative<ForestSettings>(algorithm) ? "forest" : "ensemble";
}

Result<void> check_algorithm(const Algorithm& algorithm) {
  std::string wrong = std::visit([](const auto& a) { return check(a); }, algorithm);
  if (!wrong.empty()) return refuse(std::move(wrong));
  return {};
}

}  // namespace candled::model
