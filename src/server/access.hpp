// Who may ask: the address we listen on, the Host header, the token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "candled/domain/result.hpp"
#include "server/message.hpp"

namespace candled::server {

struct ListenAddress {
  std::string address;  // numeric, without brackets
  std::uint16_t port = 0;
  bool loopback = false;
};

// "127.0.0.1:8501", "[::1]:8501", "localhost:8501".
Result<ListenAddress> parse_listen(std::string_view text);

// Whether a Host header names this machine's loopback, with or without a port. A page from elsewhere that has pointed
// its own name at 127.0.0.1 (DNS rebinding) sends that name here, and is refused.
bool names_loopback(std::string_view host);

// Takes the same time wherever the two differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// A shorter token could be guessed from the network.
constexpr std::size_t reachable_token_length_min = 32;

struct AccessRules {
  bool loopback_names_only = true;
  std::string token;
};

// The answer to a request that is not let in.
std::optional<Response> refusal(const AccessRules& rules, const Request& request);

}  // namespace candled::server
