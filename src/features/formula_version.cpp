#include "candled/features/formula_version.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "features/feature_name.hpp"
#include "features/list_digest.hpp"

namespace candled::features {
namespace {

// Counts up when something changes for all formulas together.
constexpr int formulas_version = 2;

}  // namespace

int formula_version(std::string_view feature) {
  const Result<NamedFeature> found = find_feature(feature);
  if (!found) invariant_failed("the version of a formula that is not in the catalogue");
  return found->family->version;
}

std::string to_text(const VersionedFeature& feature) {
  return feature.version == 1 ? feature.name : fmt::format("{}@{}", feature.name, feature.version);
}

VersionedFeature parse_versioned_feature(std::string_view text) {
  const std::size_t at = text.rfind('@');
  int version = 1;
  if (at == std::string_view::npos) return {std::string(text), version};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + at + 1, end, version);
  if (parsed.ec != std::errc() || parsed.ptr != end) return {std::string(text), 1};
  return {std::string(text.substr(0, at)), version};
}

std::string list_hash(Duration interval, std::span<const VersionedFeature> list) {
  std::string identity = fmt::format("features {} interval {}", formulas_version, interval.ns);
  for (const VersionedFeature& feature : list) identity += '\n' + to_text(feature);
  return fmt::format("{:016x}", digest(identity));
}

}  // namespace candled::features
