// Endpoint: a host and a port as people write them: 127.0.0.1:8501, [::1]:8501, localhost:8501. Every address of the program is split
// here: URLs, listening addresses, Host headers. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candled::net {

struct Endpoint {
  std::string host;  // without the brackets of an IPv6 address; may be empty
  bool bracketed = false;
  std::optional<std::string> port;  // as written, where there is one
};

// Nothing for brackets that are not closed or are followed by anything but a port. Checks neither host nor port.
std::optional<Endpoint> split_endpoint(std::string_view text);

// 0 to 65535, digits only.
std::optional<std::uint16_t> parse_port(std::string_view text);

bool is_ipv4(const std::string& host);
bool is_ipv6(const std::string& host);
// Of this machine alone: localhost in any case, 127.0.0.0/8, ::1.
bool is_loopback(const std::string& host);

}  // namespace candled::net
