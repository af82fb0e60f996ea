// TimePager against a small server that pages as Kraken does, in both readings of `since`.
#include <catch2/catch.hpp>

#include <algorithm>

#include "ingest/time_pager.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

struct Server {
  std::vector<Trade> trades;
  bool inclusive = false;
  std::size_t page_rows = 1000;
  enum class Last { right, absent, wrong } last = Last::right;
  bool rounded = false;  // row times are rounded up, as a double may be

  TradesPage answer(const PageRequest& request) const {
    TradesPage page;
    for (const Trade& trade : trades) {
      if (trade.time < *request.since || (!inclusive && trade.time == *request.since)) continue;
      if (page.rows == page_rows) break;
      ++page.rows;
      page.trades.push_back(trade);
      if (rounded) page.trades.back().time = trade.time + Duration::nanoseconds(150);
      page.last = trade.time;
    }
    if (page.rows == 0) page.last = *request.since;
    if (last == Last::absent) page.last.reset();
    if (last == Last::wrong) page.last = *page.last + Duration::hours(3);
    return page;
  }
};

struct Walk {
  std::vector<std::int64_t> ids;
  std::vector<IdRange> missing;
  int requests = 0;
};

Walk walk(const Server& server, const PageStart& start) {
  TimePager pager(start, 1000, TradeNumbers::contiguous);
  Walk result;
  for (;; ++result.requests) {
    REQUIRE(result.requests < 5'000);
    TradesPage page = server.answer(pager.next());
    const Pager::Step step = pager.accept(page);
    if (step.missing) result.missing.push_back(*step.missing);
    for (const Trade& trade : step.trades) result.ids.push_back(trade.id);
    if (step.caught_up) return result;
  }
}

// Bursts of up to `group` trades share one time.
std::vector<Trade> bursts(std::int64_t count, std::uint64_t group, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<Trade> trades;
  Timestamp time = test_epoch;
  while (static_cast<std::int64_t>(trades.size()) < count) {
    time = time + Duration::nanoseconds(static_cast<std::int64_t>(1 + random() % 50'000'000));
    for (std::uint64_t i = 0, n = 1 + random() % group; i < n; ++i) {
      trades.push_back(trade_of(5'000 + static_cast<std::int64_t>(trades.size()), time));
    }
  }
  return trades;
}

void check_complete(const Walk& result, const std::vector<Trade>& trades) {
  REQUIRE(result.ids.size() == trades.size());
  for (std::size_t i = 0; i < trades.size(); ++i) REQUIRE(result.ids[i] == trades[i].id);
  CHECK(result.missing.empty());
}

}  // namespace

TEST_CASE("pager: every trade once, whatever the server's reading of since, last and page size") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    for (bool inclusive : {false, true}) {
      for (bool rounded : {false, true}) {
        for (auto last : {Server::Last::right, Server::Last::absent, Server::Last::wrong}) {
          for (std::size_t rows : {std::size_t{1000}, std::size_t{100}, std::size_t{40}}) {
            const Server server{bursts(3'000, 17, seed), inclusive, rows, last, rounded};
            INFO("seed " << seed << " inclusive " << inclusive << " rounded " << rounded << " last "
                         << static_cast<int>(last) << " rows " << rows);
            check_complete(walk(server, {test_epoch, {}, false}), server.trades);
          }
        }
      }
    }
  }
}

TEST_CASE("pager: starts behind a known trade and drops what is known") {
  const Server server{bursts(2'500, 17, 7)};
  const Trade& known = server.trades[1'234];
  const Walk result = walk(server, {known.time - Duration::seconds(1), known.id, false});
  REQUIRE(result.ids.front() == known.id + 1);
  CHECK(result.ids.size() == server.trades.size() - 1'235);
  CHECK(result.missing.empty());
}

TEST_CASE("pager: a start on the nanosecond of a trade includes it") {
  Server server{bursts(100, 1, 3)};
  for (bool inclusive : {false, true}) {
    server.inclusive = inclusive;
    CHECK(walk(server, {server.trades[10].time, {}, false}).ids.front() == server.trades[10].id);
  }
}

TEST_CASE("pager: ids that the exchange does not have are reported once, after asking again") {
  Server server{bursts(2'600, 5, 11)};
  server.trades.erase(server.trades.begin() + 1'500, server.trades.begin() + 1'510);
  server.trades.erase(server.trades.begin() + 20);
  const Walk result = walk(server, {test_epoch, {}, false});
  CHECK(result.missing == std::vector<IdRange>{{5'020, 5'020}, {6'500, 6'509}});
  CHECK(result.ids.size() == server.trades.size());
  CHECK(std::ranges::is_sorted(result.ids));
  std::size_t at = 2'000;
  while (server.trades[at - 1].time == server.trades[at].time) --at;
  const Walk behind = walk(server, {server.trades[at].time, 100, true});
  CHECK(behind.missing == std::vector<IdRange>{{101, server.trades[at].id - 1}});
}

TEST_CASE("pager: a group of one time larger than a page is stepped over and its loss is seen") {
  Server server{bursts(10, 1, 5)};
  const Timestamp burst = server.trades.back().time + Duration::milliseconds(5);
  for (int i = 0; i < 1'500; ++i) server.trades.push_back(trade_of(5'010 + i, burst));
  server.trades.push_back(trade_of(6'510, burst + Duration::seconds(2)));
  for (bool inclusive : {false, true}) {
    server.inclusive = inclusive;
    const Walk result = walk(server, {test_epoch, {}, false});
    CHECK(result.ids.back() == 6'510);
    REQUIRE(result.missing.size() == 1);
    CHECK(static_cast<std::int64_t>(result.ids.size()) + result.missing.front().count() == 1'511);
  }
}

TEST_CASE("pager: an empty market, and shuffled and repeated rows") {
  CHECK(walk(Server{}, {test_epoch, {}, false}).requests == 0);
  TimePager pager({test_epoch, 5, false}, 1000, TradeNumbers::contiguous);
  TradesPage page;
  page.trades = {trade_of(8), trade_of(6), trade_of(7), trade_of(6), trade_of(4)};
  page.rows = 5;
  const Pager::Step step = pager.accept(page);
  REQUIRE(step.trades.size() == 3);
  CHECK(step.trades[0].id == 6);
  CHECK(step.trades[2].id == 8);
}

TEST_CASE("pager: a page that repeats for ever ends the walk, and a page cut inside a group of one time does not") {
  TimePager pager({test_epoch, 5, false}, 1000, TradeNumbers::contiguous);
  TradesPage page;
  int requests = 0;
  Pager::Step step;
  for (; requests < 100 && !step.stuck; ++requests) {
    page.clear();
    for (std::int64_t id = 1; id <= 5; ++id) page.trades.push_back(trade_of(id));
    page.rows = 1'000;  // as if full
    step = pager.accept(page);
    REQUIRE_FALSE(step.caught_up);
  }
  CHECK(requests < 30);

  // Long pages first; then the exchange cuts them to ten rows, in the middle of seventeen fills of one instant.
  Server server{bursts(2'000, 1, 3)};
  const Timestamp burst = server.trades.back().time + Duration::seconds(1);
  for (int i = 0; i < 17; ++i) server.trades.push_back(trade_of(7'000 + i, burst));
  server.trades.push_back(trade_of(7'017, burst + Duration::seconds(2)));
  TimePager cut({test_epoch, {}, false}, 1000, TradeNumbers::contiguous);
  std::int64_t last = 0;
  for (requests = 0; requests < 100; ++requests) {
    server.page_rows = requests == 2 || requests == 3 ? 10 : 1'000;
    page = server.answer(cut.next());
    step = cut.accept(page);
    if (!step.trades.empty()) last = step.trades.back().id;
    CHECK_FALSE(step.missing);
    if (step.caught_up) break;
  }
  CHECK(last == 7'017);
}

TEST_CASE("pager: REST that lags behind what is known ends the walk") {
  Server server{bursts(2'600, 5, 11)};
  const Trade known = server.trades[2'400];
  server.trades.resize(2'350);
  const Walk result = walk(server, {known.time - Duration::seconds(2), known.id, false});
  CHECK(result.ids.empty());
  CHECK(result.missing.empty());
  CHECK(result.requests < 5);
}

}  // namespace candled::ingest
