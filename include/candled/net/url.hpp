// Url: the parts of a WebSocket or REST address.
#pragma once

#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::net {

struct Url {
  bool secure = true;  // https, wss
  std::string host;
  std::string port;    // always set
  std::string path;    // no trailing slash; empty for the root

  // What the Host header carries: the port only when it is not the scheme's own.
  std::string authority() const;
};

// 127.0.0.1 or ::1 rather than a name.
bool is_address(const std::string& host);

// ws, wss, http or https; host may be [::1].
Result<Url> parse_url(std::string_view text);

}  // namespace candled::net
