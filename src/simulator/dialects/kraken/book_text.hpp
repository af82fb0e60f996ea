// The order book's messages as Kraken writes them, with the checksum of the best ten levels of each side.
#pragma once

#include <string>

#include "simulator/book_message.hpp"

namespace candled::simulator::kraken {

std::string book_snapshot_text(const BookMessage& message);
// In no particular order, and now and then with a price twice or a removal of nothing: the protocol allows it.
std::string book_update_text(const BookMessage& message);

}  // namespace candled::simulator::kraken
