#include "server/access.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "candled/net/endpoint.hpp"
#include "server/asset.hpp"

namespace candled::server {
namespace {

bool same_but_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size() || !same_but_case(authorization.substr(0, scheme.size()), scheme)) return {};
  return authorization.substr(scheme.size());
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, std::min(target.find('?'), target.size()));
}

// What tells nothing: whether we are well, and the files that every copy of the program holds.
bool is_open(std::string_view path) {
  return path == "/health" || path == "/" || (path.starts_with('/') && find_asset(path.substr(1)) != nullptr);
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  const std::optional<net::Endpoint> parts = net::split_endpoint(text);
  const std::optional<std::uint16_t> port = parts && parts->port ? net::parse_port(*parts->port) : std::nullopt;
  const auto wrong = [&] { return refuse(fmt::format("cannot listen on '{}': not of the form ADDRESS:PORT", text)); };
  if (!port) return wrong();
  const std::string address = parts->host == "localhost" ? "127.0.0.1" : parts->host;
  if (!(parts->bracketed ? net::is_ipv6(address) : net::is_ipv4(address))) return wrong();
  return ListenAddress{address, *port, net::is_loopback(address)};
}

bool names_loopback(std::string_view host) {
  const std::optional<net::Endpoint> parts = net::split_endpoint(host);
  if (!parts || (parts->port && !net::parse_port(*parts->port))) return false;
  return parts->bracketed ? parts->host == "::1" : !net::is_ipv6(parts->host) && net::is_loopback(parts->host);
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
