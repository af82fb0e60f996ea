// Kraken's book channel: the `data` of a frame to books and their entries.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/exchange.hpp"
#include "ingest/json_token.hpp"

namespace candled::ingest {

constexpr int kraken_book_request_id = 3;

// subscribe or unsubscribe
std::string kraken_book_message(std::string_view method, const std::vector<std::string>& symbols, std::size_t depth);

// The index of a symbol among our markets; nothing for another's.
using FindMarket = std::function<std::optional<std::size_t>(std::string_view symbol)>;

// Appends to frame.books and frame.book_entries. Only errors of structure are returned. A book with an entry that cannot be
// (no number, price not above 0, negative quantity) or with absurdly many comes out as not readable and counts as bad.
simdjson::error_code read_kraken_books(simdjson::ondemand::array data, bool snapshot, const FindMarket& find,
                                       Frame& frame);

// pair_decimals and lot_decimals of an entry of AssetPairs; what is missing or absurd stays unknown.
simdjson::error_code read_kraken_precision(simdjson::ondemand::object& pair, BookPrecision& precision);

}  // namespace candled::ingest
