#include "candled/net/address_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

namespace candled::net {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

struct HostAndPort {
  std::string host;  // without the brackets of an IPv6 address
  bool bracketed = false;
  std::optional<std::string> port;  // as written
};

std::optional<HostAndPort> split(std::string_view text) {
  HostAndPort parts;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    parts.bracketed = true;
    parts.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (text.empty()) return parts;
    if (text.front() != ':') return std::nullopt;
  } else {
    const std::size_t colon = text.find(':');
    parts.host = text.substr(0, colon);
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon);
  }
  parts.port = text.substr(1);
  return parts;
}

bool is_ipv4(const std::string& host, in_addr& address) { return inet_pton(AF_INET, host.c_str(), &address) == 1; }
bool is_ipv6(const std::string& host, in6_addr& address) { return inet_pton(AF_INET6, host.c_str(), &address) == 1; }

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 &&
         std::ranges::all_of(host, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
}

std::optional<std::string> check_url(std::string_view text, std::string_view plain, std::string_view secure) {
  const std::string expected =
      fmt::format("'{}' is not a URL of the form {}://host[:port][/path] or {}://...", text, secure, plain);
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return expected;
  if (const std::string_view scheme = text.substr(0, colon); scheme != plain && scheme != secure) return expected;
  const std::string_view rest = text.substr(colon + 3);
  const std::string_view path = rest.substr(std::min(rest.find('/'), rest.size()));
  if (std::ranges::any_of(path, [](char c) { return c <= ' ' || c > '~' || c == '#'; })) return expected;
  const std::optional<HostAndPort> parts = split(rest.substr(0, rest.find('/')));
  in6_addr address{};
  if (!parts || !(parts->bracketed ? is_ipv6(parts->host, address) : is_host_name(parts->host))) return expected;
  if (parts->port && parse_port(*parts->port).value_or(0) == 0) {
    return fmt::format("'{}' has a port that is not 1 to 65535", text);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> check_websocket_url(std::string_view text) { return check_url(text, "ws", "wss"); }
std::optional<std::string> check_rest_url(std::string_view text) { return check_url(text, "http", "https"); }

std::optional<std::string> check_listen(std::string_view text) {
  const std::string expected =
      fmt::format("'{}' is not of the form ADDRESS:PORT, such as 127.0.0.1:8501 or [::1]:8501", text);
  const std::optional<HostAndPort> parts = split(text);
  if (!parts || !parts->port) return expected;
  in_addr v4{};
  in6_addr v6{};
  const bool address =
      parts->bracketed ? is_ipv6(parts->host, v6) : parts->host == "localhost" || is_ipv4(parts->host, v4);
  if (!address) return expected;
  if (!parse_port(*parts->port)) return fmt::format("'{}' has a port that is not 0 to 65535", text);
  return std::nullopt;
}

bool listens_locally(std::string_view listen) {
  const std::optional<HostAndPort> parts = split(listen);
  if (!parts) return false;
  if (parts->host == "localhost") return true;
  in_addr v4{};
  if (is_ipv4(parts->host, v4)) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return is_ipv6(parts->host, v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace candled::net
