// Pages of trades, newest first, by id: times are not indexed, but ids rise with them, so a time is found by bisection.
#pragma once

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"
#include "store/view_place.hpp"

namespace candled::store {

ViewRows read_trades(ViewConnection& connection, const ViewFilter& filter, const Place& after);

}  // namespace candled::store
