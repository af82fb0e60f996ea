// Pages of a view, newest rows first: where they lie in the base tables, along the primary keys. Trades have TradePages.
#pragma once

#include <string>

#include "candled/store/view_reader.hpp"
#include "store/view_connection.hpp"
#include "store/view_place.hpp"

namespace candled::store {

// Every view but trades. The limit must be in range.
ViewRows read_page(ViewConnection& connection, View view, const ViewFilter& filter, const Place& after);

// The query behind it, for looking at its plan.
std::string page_sql(View view);

}  // namespace candled::store
