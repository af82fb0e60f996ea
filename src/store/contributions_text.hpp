// Contributions as the column of a prediction holds them: [{"feature":"rsi_14","value":61.2,"contribution":0.031},...].
#pragma once

#include <span>
#include <string>
#include <vector>

#include "candled/domain/prediction.hpp"

namespace candled::store {

// Empty without contributions. Names and row are those of the features; a value that is not known is null.
std::string contributions_text(std::span<const Contribution> contributions, std::span<const double> row,
                               std::span<const std::string> names);

}  // namespace candled::store
