// Addresses, and the search for a trade of which only the id is known.
#include <catch2/catch.hpp>

#include "ingest/id_locator.hpp"
#include "ingest/url.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
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
  CHECK(parse_url("ws://127.0.0.1:1")->host_is_address());
  CHECK_FALSE(parse_url("ws://localhost:1")->host_is_address());
}

TEST_CASE("locator: finds a place to page from, wherever the guess lies") {
  std::vector<Trade> trades;
  for (std::int64_t id = 1; id <= 50'000; ++id) trades.push_back(trade_of(id, test_epoch + Duration::seconds(id * 20)));
  for (std::int64_t wanted : {1, 2, 777, 25'000, 49'999, 50'000}) {
    for (std::int64_t guess : {-100, 1, 700, 24'000, 26'000, 60'000}) {
      IdLocator locator(wanted, test_epoch + Duration::seconds(guess * 20));
      int requests = 0;
      IdLocator::Verdict verdict = IdLocator::Verdict::ask_again;
      TradesPage page;
      while (verdict == IdLocator::Verdict::ask_again) {
        REQUIRE(++requests <= 80);
        page.clear();
        for (const Trade& trade : trades) {
          if (trade.time > locator.probe() && page.trades.size() < 1000) page.trades.push_back(trade);
        }
        page.rows = page.trades.size();
        verdict = locator.accept(page);
      }
      INFO("wanted " << wanted << " guess " << guess);
      CHECK(verdict == IdLocator::Verdict::found);
      CHECK(page.trades.front().id <= wanted);
      CHECK(requests < 60);
    }
  }
}

}  // namespace candled::ingest
