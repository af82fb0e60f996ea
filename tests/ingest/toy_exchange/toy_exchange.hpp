// The toy exchange: a second exchange, unlike Kraken wherever an exchange can be, to show that the walls around one hold. It pages by
// id, newest first; its acknowledgement is a number without a symbol; it speaks only when spoken to, and tells its newest trades.
#pragma once

#include "candled/ingest/exchange_table.hpp"

namespace candled::ingest {

ExchangeEntry toy_entry();

}  // namespace candled::ingest
