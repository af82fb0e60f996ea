#include "candled/server/settings.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "candled/domain/section.hpp"
#include "candled/net/address_text.hpp"

namespace candled::server {
namespace {

std::optional<std::string> check_token(std::string_view text) {
  if (text.size() > 256) return "is longer than 256 characters";
  if (std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; })) return std::nullopt;
  return "may hold only printable ASCII characters without spaces, because it travels in a header";
}

}  // namespace

void describe(Section& section, HttpSettings& settings) {
  section.flag({.name = "enabled", .help = "false: no HTTP at all.", .decides = false}, settings.enabled);
  section.text(
      {.name = "listen",
       .help = "ADDRESS:PORT of the page, the API and the metrics; port 0 takes any free one. An address that other "
               "machines can reach is refused without a token.",
       .decides = false},
      settings.listen, net::check_listen);
  section.text(
      {.name = "token",
       .help = "What a client must send as `Authorization: Bearer TOKEN`: up to 256 printable characters without "
               "spaces, and at least 32 where other machines can reach the address. Empty: no token is required, and "
               "nothing can be changed over HTTP (promote, rollback, pause, resume). Keep this file readable for the "
               "daemon alone when you set it. `openssl rand -hex 32` makes a good one.",
       .decides = false,
       .secret = true},
      settings.token, check_token);
  section.whole(
      {.name = "connections_max",
       .help = "Maximum of open connections, 4 to 10000. Beyond it the one that has waited longest without a request "
               "is closed for a new one.",
       .decides = false},
      settings.connections_max, 4, 10'000);
  section.number(
      {.name = "requests_per_second",
       .help = "Requests a second of one address, with bursts of twice as many; more are answered 429. 0: no limit.",
       .decides = false},
      settings.requests_per_second, 0, 1'000'000);
}

}  // namespace candled::server
