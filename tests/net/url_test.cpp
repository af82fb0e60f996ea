// Addresses.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "candled/net/url.hpp"

namespace candled::net {
namespace {

std::string shown(const char* text) {
  const Result<Url> url = parse_url(text);
  if (!url) return "refused";
  return fmt::format("{} {} {} {} '{}'", url->secure ? "tls" : "plain", url->host, url->port, url->authority(), url->path);
}

}  // namespace

TEST_CASE("url: parts") {
  CHECK(shown("wss://ws.kraken.com/v2") == "tls ws.kraken.com 443 ws.kraken.com '/v2'");
  CHECK(shown("https://api.kraken.com/0/public/") == "tls api.kraken.com 443 api.kraken.com '/0/public'");
  CHECK(shown("ws://localhost:8080") == "plain localhost 8080 localhost:8080 ''");
  CHECK(shown("wss://[::1]:9443/ws") == "tls ::1 9443 [::1]:9443 '/ws'");
  CHECK(shown("http://127.0.0.1:80/") == "plain 127.0.0.1 80 127.0.0.1 ''");
  for (const char* bad : {"", "kraken.com", "ftp://x", "wss://", "wss://x:0", "wss://x:99999", "wss://x:12a", "wss://a b/", "wss://[::1", "ws://x/a b"}) {
    INFO(bad);
    CHECK(shown(bad) == "refused");
  }
  CHECK(is_address("127.0.0.1"));
  CHECK(is_address("::1"));
  CHECK_FALSE(is_address("localhost"));
}

}  // namespace candled::net
