#include "config/config_texts.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "candled/domain/market.hpp"
#include "candled/net/endpoint.hpp"
#include "candled/net/url.hpp"

namespace candled::config {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::optional<std::string> check_url(std::string_view text, std::string_view plain, std::string_view secure) {
  const std::expected<net::Url, net::UrlFault> url = net::read_url(text);
  if (!url && url.error() == net::UrlFault::port) return fmt::format("'{}' has a port that is not 1 to 65535", text);
  if (url && (url->scheme == plain || url->scheme == secure)) return std::nullopt;
  return fmt::format("'{}' is not a URL of the form {}://host[:port][/path] or {}://...", text, secure, plain);
}

}  // namespace

std::optional<std::string> check_websocket_url(std::string_view text) { return check_url(text, "ws", "wss"); }
std::optional<std::string> check_rest_url(std::string_view text) { return check_url(text, "http", "https"); }

std::optional<std::string> check_readable_file(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::filesystem::path file(text);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return fmt::format("there is no file '{}'", text);
  if (std::filesystem::is_directory(file, error)) return fmt::format("'{}' is a directory, not a file", text);
  if (!std::ifstream(file)) return fmt::format("the file '{}' cannot be read", text);
  return std::nullopt;
}

std::optional<std::string> check_symbol(std::string_view text) {
  if (parse_market_name(fmt::format("exchange:{}", text))) return std::nullopt;
  return fmt::format("'{}' is not a symbol of the form BASE/QUOTE, such as BTC/USD", text);
}

std::optional<std::string> check_name(std::string_view text) {
  const bool right = !text.empty() && text.size() <= 32 &&
                     std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
  if (right) return std::nullopt;
  return fmt::format("'{}' is not a name of 1 to 32 letters, digits, '_' or '-'", text);
}

std::optional<std::string> check_token(std::string_view text) {
  if (text.size() > 256) return "is longer than 256 characters";
  if (std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; })) return std::nullopt;
  return "may hold only printable ASCII characters without spaces, because it travels in a header";
}

std::optional<std::string> check_listen(std::string_view text) {
  const std::string expected =
      fmt::format("'{}' is not of the form ADDRESS:PORT, such as 127.0.0.1:8501 or [::1]:8501", text);
  const std::optional<net::Endpoint> parts = net::split_endpoint(text);
  if (!parts || !parts->port) return expected;
  const bool address =
      parts->bracketed ? net::is_ipv6(parts->host) : parts->host == "localhost" || net::is_ipv4(parts->host);
  if (!address) return expected;
  if (!net::parse_port(*parts->port)) return fmt::format("'{}' has a port that is not 0 to 65535", text);
  return std::nullopt;
}

bool is_loopback(std::string_view listen) {
  const std::optional<net::Endpoint> parts = net::split_endpoint(listen);
  return parts && net::is_loopback(parts->host);
}

}  // namespace candled::config
