// Walks by id, walks backwards, and the search for the id that belongs to a time, against servers that answer in different ways.
#include "ingest/id_pager.hpp"
#include "ingest/backward_pager.hpp"
#include "ingest/time_locator.hpp"
#include "page_server.hpp"

namespace candled::ingest {
namespace {

constexpr ExchangeDescriptor by_id{.name = "by_id", .paging = Paging::by_id};
constexpr ExchangeDescriptor by_time{.name = "by_time", .paging = Paging::by_time};

template <class Start>
PageWalk walk_of(PageServer server, const Start& start, const ExchangeDescriptor& exchange = by_id) {
  return walk_over(server, *make_pager(exchange, start));
}

std::vector<std::int64_t> ids_from(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> ids;
  for (std::int64_t id = first; id <= last; ++id) ids.push_back(id);
  return ids;
}

std::vector<std::int64_t> sorted(std::vector<std::int64_t> ids) {
  std::ranges::sort(ids);
  return ids;
}

const std::vector<Trade> trades = trade_bursts(3'500, 17, 7);
const std::int64_t last = trades.back().id;

}  // namespace

TEST_CASE("id pager: every trade once, whatever the order of a page and however short it is") {
  for (bool newest_first : {false, true}) {
    for (std::size_t rows : {std::size_t{1000}, std::size_t{90}}) {
      if (newest_first && rows < 1000) continue;  // such an exchange is asked for windows of its page
      INFO("newest first " << newest_first << " rows " << rows);
      const PageWalk walk = walk_of(PageServer{trades, rows, newest_first}, PageStart{.from = {}, .last_id = 5'699});
      CHECK(walk.ids == ids_from(5'700, last));
      CHECK(walk.missing.empty());
    }
  }
}

TEST_CASE("id pager: ids that are not there are reported once; above a known trade nothing is given up") {
  for (bool newest_first : {false, true}) {
    PageServer server{trades, 1000, newest_first};
    std::erase_if(server.trades,
                  [](const Trade& trade) { return trade.id == 5'020 || (trade.id >= 5'500 && trade.id < 7'900); });
    const std::vector<IdRange> missing{{5'020, 5'020}, {5'500, 7'899}};
    PageWalk walk = walk_of(server, PageStart{.last_id = 5'009, .known_id = last});
    CHECK(walk.missing == missing);
    CHECK(walk.ids.back() == last);
    CHECK(walk.ids.size() == static_cast<std::size_t>(last - 5'009 - 1 - 2'400));
    // A server that gives what it has from an id on tells the same without being told.
    walk = walk_of(server, PageStart{.last_id = 5'009});
    CHECK((walk.ids.back() == last) == !newest_first);
  }
}

TEST_CASE("id pager: what the exchange has deleted is missing, and the walk goes on") {
  const PageWalk walk = walk_of(PageServer{trades, 1000, false, 6'000}, PageStart{.last_id = 5'100});
  CHECK(walk.missing == std::vector<IdRange>{{5'101, 5'999}});
  CHECK(walk.ids == ids_from(6'000, last));
}

TEST_CASE("id pager: REST that lags behind what is known ends the walk, and rows before the start are passed over") {
  CHECK(walk_of(PageServer{trades}, PageStart{.last_id = last, .known_id = last + 5}).ids.empty());
  const Timestamp from = trades[2'000].time;
  const PageWalk placed = walk_of(PageServer{trades}, PageStart{.from = from, .first_id = 5'000});
  std::size_t first = 2'000;
  while (trades[first - 1].time == from) --first;
  CHECK(placed.ids == ids_from(trades[first].id, last));
}

TEST_CASE("id pager: numbers that only ascend jump without anything missing") {
  PageServer server{trades};
  std::erase_if(server.trades, [](const Trade& trade) { return trade.id % 3 == 0; });
  constexpr ExchangeDescriptor ascending{.name = "a", .numbers = TradeNumbers::ascending, .paging = Paging::by_id};
  const PageWalk walk = walk_of(server, PageStart{.last_id = 5'000}, ascending);
  CHECK(walk.missing.empty());
  CHECK(walk.ids.size() ==
        static_cast<std::size_t>(std::ranges::count_if(server.trades, [](const Trade& t) { return t.id > 5'000; })));
}

TEST_CASE("backwards by id: every trade once, missing ones told, down to a time or an id") {
  for (bool newest_first : {false, true}) {
    PageServer server{trades, 1000, newest_first};
    CHECK(sorted(walk_of(server, BackwardStart{.before_id = last + 1, .last_id = 5'123}).ids) == ids_from(5'124, last));
    std::erase_if(server.trades, [](const Trade& trade) { return trade.id >= 6'500 && trade.id < 6'600; });
    const PageWalk walk = walk_of(server, BackwardStart{.before_id = last + 1, .from = trades[1'000].time});
    CHECK(walk.missing == std::vector<IdRange>{{6'500, 6'599}});
    CHECK(*std::ranges::min_element(walk.ids) ==
          std::ranges::lower_bound(trades, trades[1'000].time, {}, &Trade::time)->id);
  }
}

TEST_CASE("backwards by time: every trade once, whatever the page") {
  for (std::size_t rows : {std::size_t{1000}, std::size_t{60}}) {
    INFO("rows " << rows);
    const Timestamp before = trades.back().time + Duration::milliseconds(1);
    const PageWalk walk =
        walk_of(PageServer{trades, rows}, BackwardStart{.before = before, .from = test_epoch}, by_time);
    CHECK_FALSE(walk.stuck);
    CHECK(walk.missing.empty());
    CHECK(sorted(walk.ids) == ids_from(5'000, last));
  }
}

TEST_CASE("backwards by time: missing trades are told") {
  PageServer server{trades};
  std::erase_if(server.trades, [](const Trade& trade) { return trade.id >= 6'500 && trade.id < 6'600; });
  const BackwardStart start{.before = trades.back().time, .before_id = last, .from = test_epoch};
  const PageWalk walk = walk_of(server, start, by_time);
  CHECK(walk.missing == std::vector<IdRange>{{6'500, 6'599}});
  CHECK(walk.ids.size() == trades.size() - 101);
}

TEST_CASE("time locator: the id that belongs to a time, in few requests") {
  std::vector<Trade> many;
  for (std::int64_t id = 900'000; id < 1'100'000; ++id) many.push_back(trade_of(id));
  for (bool newest_first : {false, true}) {
    for (std::int64_t oldest : {std::int64_t{0}, std::int64_t{950'000}}) {
      PageServer server{many, 1000, newest_first, oldest};
      for (std::int64_t wanted : {900'000, 950'000, 950'001, 1'000'000, 1'099'999, 1'200'000}) {
        TimeLocator locator(trade_of(wanted).time, 1000);
        server.requests = 0;
        TimeLocator::Verdict verdict = TimeLocator::Verdict::ask_again;
        while (verdict == TimeLocator::Verdict::ask_again) {
          REQUIRE(server.requests < 40);
          verdict = locator.accept(server.answer(locator.next()));
        }
        INFO("wanted " << wanted << " newest first " << newest_first << " oldest " << oldest << " found "
                       << locator.id());
        CHECK(verdict == TimeLocator::Verdict::found);
        const std::int64_t right = std::min(std::max({wanted, oldest, std::int64_t{900'000}}), many.back().id + 1);
        CHECK(locator.id() <= right);
        CHECK(locator.id() >= right - 250);
      }
    }
  }
  PageServer empty;
  TimeLocator locator(test_epoch, 1000);
  CHECK(locator.accept(empty.answer(locator.next())) == TimeLocator::Verdict::nowhere);
}

}  // namespace candled::ingest
