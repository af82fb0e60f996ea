#include "candled/net/address_text.hpp"

#include <fmt/format.h>

#include "candled/net/endpoint.hpp"
#include "candled/net/url.hpp"

namespace candled::net {
namespace {

std::optional<std::string> check_url(std::string_view text, std::string_view plain, std::string_view secure) {
  const std::expected<Url, UrlFault> url = read_url(text);
  if (!url && url.error() == UrlFault::port) return fmt::format("'{}' has a port that is not 1 to 65535", text);
  if (url && (url->scheme == plain || url->scheme == secure)) return std::nullopt;
  return fmt::format("'{}' is not a URL of the form {}://host[:port][/path] or {}://...", text, secure, plain);
}

}  // namespace

std::optional<std::string> check_websocket_url(std::string_view text) { return check_url(text, "ws", "wss"); }
std::optional<std::string> check_rest_url(std::string_view text) { return check_url(text, "http", "https"); }

std::optional<std::string> check_listen(std::string_view text) {
  const std::string expected =
      fmt::format("'{}' is not of the form ADDRESS:PORT, such as 127.0.0.1:8501 or [::1]:8501", text);
  const std::optional<Endpoint> parts = split_endpoint(text);
  if (!parts || !parts->port) return expected;
  const bool address = parts->bracketed ? is_ipv6(parts->host) : parts->host == "localhost" || is_ipv4(parts->host);
  if (!address) return expected;
  if (!parse_port(*parts->port)) return fmt::format("'{}' has a port that is not 0 to 65535", text);
  return std::nullopt;
}

bool listens_locally(std::string_view listen) {
  const std::optional<Endpoint> parts = split_endpoint(listen);
  return parts && is_loopback(parts->host);
}

}  // namespace candled::net
