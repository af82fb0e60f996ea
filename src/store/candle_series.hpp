// Candles of longer intervals, made of the stored ones while they are read.
#pragma once

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"
#include "store/view_place.hpp"

namespace candled::store {

// ViewReader::candles.
ViewRows read_candle_series(ViewConnection& connection, const SeriesFilter& filter, const Place& after);

}  // namespace candled::store
