// The equity of one account thinned to one point a step: the newest of the step, found by one seek.
#pragma once

#include <string>

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"
#include "store/view_place.hpp"

namespace candled::store {

// ViewReader::equity.
ViewRows read_equity_series(ViewConnection& connection, const SeriesFilter& filter, const Place& after,
                            const std::string& strategy);

}  // namespace candled::store
