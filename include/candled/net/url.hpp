// Url: the parts of a WebSocket or REST address. The one parser of the program; what a URL may look like is decided here. Pure.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"

namespace candled::net {

struct Url {
  std::string scheme;  // as written
  bool secure = true;  // https, wss
  std::string host;    // a name, or an address without brackets
  std::string port;    // always set
  std::string path;    // no trailing slash; empty for the root

  // What the Host header carries: the port only when it is not the scheme's own.
  std::string authority() const;
};

enum class UrlFault { scheme, host, port, path };

// ws, wss, http or https; the host by name, as IPv4 or as [IPv6]; printable ASCII.
std::expected<Url, UrlFault> read_url(std::string_view text);
// The same, with a line that says what is wrong.
Result<Url> parse_url(std::string_view text);

}  // namespace candled::net
