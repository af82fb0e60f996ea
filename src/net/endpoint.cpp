#include "candled/net/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

namespace candled::net {

std::optional<Endpoint> split_endpoint(std::string_view text) {
  Endpoint parts;
  std::size_t end = std::min(text.rfind(':'), text.size());
  if (text.starts_with('[')) {
    parts.bracketed = true;
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    parts.host = text.substr(1, close - 1);
    end = close + 1;
  } else {
    parts.host = text.substr(0, end);
  }
  if (end == text.size()) return parts;
  if (text[end] != ':') return std::nullopt;
  parts.port = text.substr(end + 1);
  return parts;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  return !text.empty() && parsed.ec == std::errc() && parsed.ptr == end ? std::optional(port) : std::nullopt;
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool is_loopback(const std::string& host) {
  constexpr std::string_view name = "localhost";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (std::ranges::equal(host, name, {}, lower)) return true;
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace candled::net
