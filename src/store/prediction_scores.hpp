// How right the newest predictions of each market were.
#pragma once

#include <cstdint>
#include <vector>

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"

namespace candled::store {

// ViewReader::scores.
std::vector<PredictionScore> read_scores(ViewConnection& connection, std::int64_t predictions_max);

}  // namespace candled::store
