// Feature values thinned to one row a step: the newest stored one of the step, found by one seek, however many lie between. So a year
// is as quick as an hour.
#pragma once

#include <string>
#include <vector>

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"
#include "store/view_place.hpp"

namespace candled::store {

// ViewReader::indicators and ViewReader::indicator_names.
IndicatorSeries read_indicators(ViewConnection& connection, const SeriesFilter& filter, const Place& after,
                                const std::vector<std::string>& names);
std::vector<std::string> read_indicator_names(ViewConnection& connection, const std::string& market);

}  // namespace candled::store
