#include "server/access.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

#include "server/asset.hpp"

namespace candled::server {
namespace {

struct HostAndPort {
  std::string host;
  bool bracketed = false;
  std::optional<std::string_view> port;
};

std::optional<HostAndPort> split(std::string_view text) {
  HostAndPort parts;
  std::size_t end = std::min(text.find(':'), text.size());
  if (text.starts_with('[')) {
    parts.bracketed = true;
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    parts.host = text.substr(1, bracket - 1);
    end = bracket + 1;
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

bool same_but_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

bool is_loopback_v4(const std::string& address) {
  in_addr v4{};
  return ::inet_pton(AF_INET, address.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size() || !same_but_case(authorization.substr(0, scheme.size()), scheme)) return {};
  return authorization.substr(scheme.size());
}

std::string_view path_of(std::string_view target) { return target.substr(0, std::min(target.find('?'), target.size())); }

// What tells nothing: whether we are well, and the files that every copy of the program holds.
bool is_open(std::string_view path) {
  return path == "/health" || path == "/" || (path.starts_with('/') && find_asset(path.substr(1)) != nullptr);
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  const std::optional<HostAndPort> parts = split(text);
  const std::optional<std::uint16_t> port = parts && parts->port ? parse_port(*parts->port) : std::nullopt;
  const auto wrong = [&] { return refuse(fmt::format("cannot listen on '{}': not of the form ADDRESS:PORT", text)); };
  if (!port) return wrong();
  ListenAddress listen{parts->host == "localhost" ? "127.0.0.1" : parts->host, *port, false};
  in_addr v4{};
  in6_addr v6{};
  if (parts->bracketed) {
    if (::inet_pton(AF_INET6, listen.address.c_str(), &v6) != 1) return wrong();
    listen.loopback = IN6_IS_ADDR_LOOPBACK(&v6);
  } else {
    if (::inet_pton(AF_INET, listen.address.c_str(), &v4) != 1) return wrong();
    listen.loopback = is_loopback_v4(listen.address);
  }
  return listen;
}

bool names_loopback(std::string_view host) {
  const std::optional<HostAndPort> parts = split(host);
  if (!parts || (parts->port && !parse_port(*parts->port))) return false;
  if (parts->bracketed) return parts->host == "::1";
  return same_but_case(parts->host, "localhost") || is_loopback_v4(parts->host);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  volatile unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference = difference | static_cast<unsigned>(static_cast<unsigned char>(a[i] ^ other));
  }
  return difference == 0;
}

std::optional<Response> refusal(const AccessRules& rules, const Request& request) {
  if (rules.loopback_names_only && !(request.host && names_loopback(*request.host))) {
    return error_response(403,
                          "this address answers to localhost, 127.0.0.1 and [::1] only; the Host header names another");
  }
  const bool changes = request.method == Method::post;
  if (rules.token.empty()) {
    if (!changes) return std::nullopt;
    return error_response(403, "nothing can be changed over HTTP without a token: set one in [server] of the config");
  }
  if (!changes && is_open(path_of(request.target))) return std::nullopt;
  if (request.authorization && equal_in_constant_time(bearer_token(*request.authorization), rules.token))
    return std::nullopt;
  Response response = error_response(401, "send Authorization: Bearer TOKEN, with the token of [server] in the config");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace candled::server
