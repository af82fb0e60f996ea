#include "cli/http_get.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace candled::cli {
namespace {

constexpr timeval patience{10, 0};
constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;

struct Socket {
  int descriptor = -1;
  explicit Socket(int opened) : descriptor(opened) {}
  ~Socket() {
    if (descriptor >= 0) ::close(descriptor);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
};

struct Place {
  std::string host, port;
};

Result<Place> place_of(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return refuse(fmt::format("'{}' is not of the form ADDRESS:PORT", listen));
  Place place{listen.substr(0, colon), listen.substr(colon + 1)};
  if (place.host.starts_with('[') && place.host.ends_with(']')) place.host = place.host.substr(1, place.host.size() - 2);
  if (place.host == "0.0.0.0") place.host = "127.0.0.1";
  if (place.host == "::") place.host = "::1";
  if (place.port == "0") return refuse("port 0 takes any that is free, so it cannot be told: name it with --address ADDRESS:PORT");
  return place;
}

Result<std::unique_ptr<Socket>> connect_to(const std::string& listen) {
  const Result<Place> place = place_of(listen);
  if (!place) return std::unexpected(place.error());
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  if (::getaddrinfo(place->host.c_str(), place->port.c_str(), &hints, &found) != 0) {
    return refuse(fmt::format("'{}' is not an address", listen));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, ::freeaddrinfo);
  auto socket = std::make_unique<Socket>(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::setsockopt(socket->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket->descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(socket->descriptor, found->ai_addr, found->ai_addrlen) != 0) {
    return retry(fmt::format("no daemon answers at {}: {}", listen, std::strerror(errno)));
  }
  return socket;
}

}  // namespace

Result<HttpAnswer> http_get(const std::string& listen, const std::string& target, const std::string& accept, const std::string& token) {
  const Result<std::unique_ptr<Socket>> socket = connect_to(listen);
  if (!socket) return std::unexpected(socket.error());
  std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nAccept: {}\r\nConnection: close\r\n", target, accept);
  if (!token.empty()) request += fmt::format("Authorization: Bearer {}\r\n", token);
  request += "\r\n";
  const auto silent = [&] { return retry(fmt::format("the daemon at {} does not answer", listen)); };
  if (::send((*socket)->descriptor, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return silent();
  std::string bytes(answer_bytes_max, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::recv((*socket)->descriptor, bytes.data() + size, bytes.size() - size, 0);
    if (got < 0) return silent();
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  const std::size_t end = bytes.find("\r\n\r\n");
  HttpAnswer answer;
  constexpr std::string_view version = "HTTP/1.1 ";
  if (end == std::string::npos || !bytes.starts_with(version)) return silent();
  std::from_chars(bytes.data() + version.size(), bytes.data() + end, answer.status);
  answer.body = bytes.substr(end + 4);
  return answer;
}

}  // namespace candled::cli
