// Dialling: from a URL to the peer that it names.
#pragma once

#include <string>

#include "candled/net/loop.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

// Looks the host's addresses up. ca_file: PEM with the authorities to trust; empty: the system's.
Task<Result<flow::Peer>> find_peer(Loop& loop, const Url& url, const std::string& ca_file);

}  // namespace candled::net
