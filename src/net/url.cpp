#include "candled/net/url.hpp"

#include <algorithm>
#include <optional>

#include "candled/net/endpoint.hpp"

namespace candled::net {
namespace {

bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

const char* text_of(UrlFault fault) {
  switch (fault) {
    case UrlFault::scheme: return "scheme is not wss, ws, https or http";
    case UrlFault::host: return "odd host";
    case UrlFault::port: return "port is not 1 to 65535";
    case UrlFault::path: return "odd character in the path";
  }
  return "odd";
}

}  // namespace

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (secure ? "443" : "80") ? name : name + ":" + port;
}

std::expected<Url, UrlFault> read_url(std::string_view text) {
  Url url;
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return std::unexpected(UrlFault::scheme);
  url.scheme = text.substr(0, mark);
  url.secure = url.scheme == "wss" || url.scheme == "https";
  if (!url.secure && url.scheme != "ws" && url.scheme != "http") return std::unexpected(UrlFault::scheme);
  const std::string_view rest = text.substr(mark + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  url.path = rest.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (std::ranges::any_of(url.path, [](char c) { return c <= ' ' || c > '~' || c == '#'; }))
    return std::unexpected(UrlFault::path);
  const std::optional<Endpoint> place = split_endpoint(rest.substr(0, slash));
  if (!place || !(place->bracketed ? is_ipv6(place->host) : is_host_name(place->host)))
    return std::unexpected(UrlFault::host);
  if (place->port && parse_port(*place->port).value_or(0) == 0) return std::unexpected(UrlFault::port);
  url.host = place->host;
  url.port = place->port.value_or(url.secure ? "443" : "80");
  return url;
}

Result<Url> parse_url(std::string_view text) {
  const std::expected<Url, UrlFault> url = read_url(text);
  if (!url) return refuse("'" + std::string(text.substr(0, 120)) + "' is not an address: " + text_of(url.error()));
  return *url;
}

}  // namespace candled::net
