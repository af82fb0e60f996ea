#include "store/contributions_text.hpp"

#include "candled/domain/json_writer.hpp"

namespace candled::store {

std::string contributions_text(std::span<const Contribution> contributions, std::span<const double> row,
                               std::span<const std::string> names) {
  constexpr int digits = 6;
  if (contributions.empty()) return {};
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const Contribution& one : contributions) {
    if (one.feature >= row.size() || one.feature >= names.size())
      invariant_failed("a contribution of a feature that is not there");
    json.begin_object().member("feature", names[one.feature]).member("value", row[one.feature]);
    json.key("contribution").rounded(one.log_odds, digits).end_object();
  }
  json.end_array();
  return text;
}

}  // namespace candled::store
