// A look at model bytes before XGBoost sees them.
//
// XGBoost 1.7 trusts a model file: a child index out of range, a split on a column that is not there or an array that
// is too short make it read wild memory, and a cycle makes it run for ever (one flipped bit in six did, in 600 tried).
// So only what it writes itself for this purpose goes through: gradient-boosted trees, binary:logistic, numerical
// splits, sound trees.
#pragma once

#include <cstddef>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::model {

// bytes: UBJSON. What passes can be loaded and asked about any row of feature_count values.
Result<void> check_model_bytes(std::string_view bytes, std::size_t feature_count);

}  // namespace candled::model
