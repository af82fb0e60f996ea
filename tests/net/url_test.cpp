// Addresses.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "candled/net/endpoint.hpp"
#include "candled/net/url.hpp"

namespace candled::net {
namespace {

std::string shown(const char* text) {
  const Result<Url> url = parse_url(text);
  if (!url) return "refused";
  return fmt::format("{} {} {} {} '{}'", url->secure ? "tls" : "plain", url->host, url->port, url->authority(),
                     url->path);
}

}  // namespace

TEST_CASE("url: parts") {
  CHECK(shown("wss://ws.kraken.com/v2") == "tls ws.kraken.com 443 ws.kraken.com '/v2'");
  CHECK(shown("https://api.kraken.com/0/public/") == "tls api.kraken.com 443 api.kraken.com '/0/public'");
  CHECK(shown("ws://localhost:8080") == "plain localhost 8080 localhost:8080 ''");
  CHECK(shown("wss://[::1]:9443/ws") == "tls ::1 9443 [::1]:9443 '/ws'");
  CHECK(shown("http://127.0.0.1:80/") == "plain 127.0.0.1 80 127.0.0.1 ''");
  for (const char* bad :
       {"", "kraken.com", "ftp://x", "wss://", "wss://x:0", "wss://x:99999", "wss://x:12a", "wss://a b/", "wss://[::1",
        "ws://x/a b", "ws://::1:80", "ws://[::1]x", "ws://a@b", "ws://x:+80"}) {
    INFO(bad);
    CHECK(shown(bad) == "refused");
  }
}

TEST_CASE("endpoint: host and port, and whose they are") {
  const auto shown_parts = [](std::string_view text) -> std::string {
    const std::optional<Endpoint> parts = split_endpoint(text);
    if (!parts) return "refused";
    return fmt::format("{}{}|{}", parts->bracketed ? "b " : "", parts->host, parts->port.value_or("none"));
  };
  CHECK(shown_parts("127.0.0.1:8501") == "127.0.0.1|8501");
  CHECK(shown_parts("[::1]:8501") == "b ::1|8501");
  CHECK(shown_parts("[::1]") == "b ::1|none");
  CHECK(shown_parts("::1:8510") == "::1|8510");
  CHECK(shown_parts("localhost") == "localhost|none");
  CHECK(shown_parts(":1") == "|1");
  CHECK(shown_parts("x:") == "x|");
  CHECK(shown_parts("") == "|none");
  CHECK(shown_parts("[::1") == "refused");
  CHECK(shown_parts("[::1]8501") == "refused");
  CHECK(parse_port("0") == 0);
  CHECK(parse_port("65535") == 65535);
  for (const char* bad : {"", "65536", "-1", "+1", "1x", " 1"}) CHECK_FALSE(parse_port(bad));
  for (const char* mine : {"localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1"}) CHECK(is_loopback(mine));
  for (const char* other : {"", "0.0.0.0", "::", "128.0.0.1", "localhost.example", "127.0.0.1.example"})
    CHECK_FALSE(is_loopback(other));
  CHECK(is_ipv4("127.0.0.1"));
  CHECK_FALSE(is_ipv4("::1"));
  CHECK(is_ipv6("::1"));
  CHECK_FALSE(is_ipv6("localhost"));
}

}  // namespace candled::net
