// The search for a trade of which only the id is known.
#include <catch2/catch.hpp>

#include "ingest/id_locator.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {

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
