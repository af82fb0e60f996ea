// One request to one server, without pace, pauses or log: for a command that asks once.
#pragma once

#include <string>

#include "candled/flow/world.hpp"
#include "candled/net/rest.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

struct Fetched {
  unsigned status = 0;
  Headers headers;
  std::string body;
};

// Runs the world on the calling thread until the answer of any status is there, or a line that says why there is none.
// ca_file: PEM with the authorities to trust; empty: the system's.
Result<Fetched> fetch(flow::World& world, const Url& url, const RestRequest& request, const std::string& ca_file = {});

}  // namespace candled::net
