// Delivery: what every answer gets on its way out: ETag, gzip, and the headers that keep a browser safe.
#pragma once

#include "server/message.hpp"

namespace candled::server {

// An answer that the client has already (If-None-Match) becomes 304; one that is worth it is compressed, if asked for.
Response delivered(const Request& request, Response response);

}  // namespace candled::server
