#include "store/contributions_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace candled::store {
namespace {

std::string number_text(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

}  // namespace

std::string contributions_text(std::span<const Contribution> contributions, std::span<const double> row,
                               std::span<const std::string> names) {
  std::string text;
  for (const Contribution& one : contributions) {
    if (one.feature >= row.size() || one.feature >= names.size()) invariant_failed("a contribution of a feature that is not there");
    // Names of features are letters, digits and '_': nothing to escape.
    text += fmt::format("{}{{\"feature\":\"{}\",\"value\":{},\"contribution\":{:.6g}}}", text.empty() ? "" : ",", names[one.feature],
                        number_text(row[one.feature]), one.log_odds);
  }
  return text.empty() ? text : "[" + text + "]";
}

}  // namespace candled::store
