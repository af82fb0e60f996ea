// Versions of formulas: a formula that gives other numbers under the same name counts its version up, so that rows of the old and the
// new one have different hashes, and the record says which columns are of which.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled::features {

struct VersionedFeature {
  std::string name;
  int version = 1;

  friend bool operator==(const VersionedFeature&, const VersionedFeature&) = default;
};

// The current version of its formula. The name must be in the catalogue (aborts).
int formula_version(std::string_view feature);

// "mfi_14" for the first version of its formula, "mfi_14@2" for the second: as a list is recorded and hashed; and back. A suffix that
// is not a version counts as part of the name.
std::string to_text(const VersionedFeature& feature);
VersionedFeature parse_versioned_feature(std::string_view text);

// 16 hex digits: FeatureSet::hash() of a set with these formulas.
std::string list_hash(Duration interval, std::span<const VersionedFeature> list);

}  // namespace candled::features
