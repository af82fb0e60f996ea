// A raw HTTP client on loopback: sends exactly the given bytes, so that wrong ones can be sent too.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace candled::tests {

struct Answer {
  int status = 0;      // 0: the server closed without one
  std::string header;  // status line and fields
  std::string body;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval wait{5, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    REQUIRE(::connect(descriptor_, static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) == 0);
  }
  ~Client() { ::close(descriptor_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the server has closed; the answer says why
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The next answer on this connection; has_body is false for HEAD.
  Answer receive(bool has_body = true) {
    Answer answer;
    while (rest_.find("\r\n\r\n") == std::string::npos) {
      if (!read_more()) return answer;
    }
    const std::size_t end = rest_.find("\r\n\r\n") + 4;
    answer.header = rest_.substr(0, end);
    rest_.erase(0, end);
    answer.status = std::atoi(answer.header.c_str() + 9);
    const std::size_t field = answer.header.find("Content-Length: ");
    const std::size_t length =
        field == std::string::npos || !has_body ? 0 : std::strtoul(answer.header.c_str() + field + 16, nullptr, 10);
    while (rest_.size() < length && read_more()) {
    }
    answer.body = rest_.substr(0, length);
    rest_.erase(0, answer.body.size());
    return answer;
  }

  Answer get(std::string_view target, std::string_view more_fields = "") {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more_fields) + "\r\n");
    return receive();
  }

  // Everything up to this text, for an event stream; what follows stays.
  std::string read_until(std::string_view text) {
    while (rest_.find(text) == std::string::npos) REQUIRE(read_more());
    const std::size_t end = rest_.find(text) + text.size();
    const std::string found = rest_.substr(0, end);
    rest_.erase(0, end);
    return found;
  }

  // True once the server has closed the connection.
  bool closed() {
    char byte = 0;
    return ::recv(descriptor_, &byte, 1, 0) == 0;
  }

 private:
  bool read_more() {
    char bytes[65'536];
    const ssize_t got = ::recv(descriptor_, bytes, sizeof bytes, 0);
    if (got > 0) rest_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }

  int descriptor_;
  std::string rest_;
};

}  // namespace candled::tests
