#include "candled/net/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace candled::net {

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (secure ? "443" : "80") ? name : name + ":" + port;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

Result<Url> parse_url(std::string_view text) {
  const auto wrong = [text](const char* what) {
    return refuse("'" + std::string(text.substr(0, 120)) + "' is not an address: " + what);
  };
  Url url;
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return wrong("no scheme");
  const std::string_view scheme = text.substr(0, mark);
  url.secure = scheme == "wss" || scheme == "https";
  if (!url.secure && scheme != "ws" && scheme != "http") return wrong("scheme is not wss, ws, https or http");
  std::string_view rest = text.substr(mark + 3);
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) url.path = rest.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  if (url.path.find_first_of(" \r\n\t") != std::string::npos) return wrong("space in the path");
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return wrong("] is missing");
    url.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    url.host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(url.host.size());
  }
  url.port = authority.starts_with(':') ? std::string(authority.substr(1)) : url.secure ? "443" : "80";
  if (!authority.empty() && !authority.starts_with(':')) return wrong("odd host");
  const bool number = !url.port.empty() && url.port.size() <= 5 && std::ranges::all_of(url.port, [](char c) { return c >= '0' && c <= '9'; });
  if (!number || std::stoi(url.port) < 1 || std::stoi(url.port) > 65535) return wrong("odd port");
  if (url.host.empty() || url.host.find_first_of(" @\r\n\t") != std::string::npos) return wrong("odd host");
  return url;
}

}  // namespace candled::net
