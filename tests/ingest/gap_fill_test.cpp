// Recorded sequence gaps filled over a made-up REST that fails in every way: what came stays, all that can be had comes, each id once.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "candled/flow/parker.hpp"
#include "candled/net/rest_client.hpp"
#include "feed_scene.hpp"
#include "ingest/recorded_sequence_gaps.hpp"
#include "net/made_world.hpp"

namespace candled::ingest {
namespace {

// Twenty trades a second.
Trade made(std::int64_t id) { return trade_of(id, test_epoch + Duration::milliseconds(50 * id)); }

enum class Fault { none, error, busy, refused, cut_page, empty, again, garbage, hang_up, silence };
constexpr int faults = 10;

// The trades 1 to `newest`, but for some that it does not have.
struct FaultyRest {
  std::int64_t newest = 0;
  std::size_t page_rows = 100;
  std::set<std::int64_t> absent;
  std::function<Fault(int number, const std::string& market)> fault = [](int, const std::string&) {
    return Fault::none;
  };
  int requests = 0;  // for trades
  std::string last_page = rest_page({}, "0");

  std::string page(std::int64_t since, bool cut) {
    std::vector<Trade> rows;
    const std::int64_t behind = (since - test_epoch.ns) / 50'000'000;
    for (std::int64_t id = std::max<std::int64_t>(1, behind); id <= newest && rows.size() < page_rows; ++id) {
      if (made(id).time.ns > since && !absent.contains(id)) rows.push_back(made(id));
    }
    if (cut) rows.resize(rows.size() / 2);
    return rest_page(rows, std::to_string(rows.empty() ? since : rows.back().time.ns));
  }
};

struct RestPeer final : net::MadeBytes {
  explicit RestPeer(FaultyRest& made) : rest(made) {}
  void answer(int status, const std::string& body, const std::string& header = "") {
    send(fmt::format("HTTP/1.1 {} x\r\n{}Content-Length: {}\r\n\r\n{}", status, header, body.size(), body));
  }
  void take(const std::string& request) override {
    const std::string target = request.substr(4, request.find(' ', 4) - 4);
    if (target.starts_with("/0/public/Time"))
      return answer(200, fmt::format(R"({{"error":[],"result":{{"unixtime":{},"rfc1123":"x"}}}})",
                                     test_epoch.ns / 1'000'000'000 + 100'000));
    const auto pair = target.find("pair=") + 5;
    const std::string market = target.substr(pair, target.find('&', pair) - pair);
    const std::int64_t since = std::stoll(target.substr(target.find("since=") + 6));
    const Fault fault = rest.fault(++rest.requests, market);
    const std::string good = rest.page(since, fault == Fault::cut_page);
    switch (fault) {
      case Fault::none:
      case Fault::cut_page: rest.last_page = good; return answer(200, good);
      case Fault::error: return answer(520, "<html>busy</html>");
      case Fault::busy: return answer(429, "", "Retry-After: 2\r\n");
      case Fault::refused: return answer(200, R"({"error":["EAPI:Rate limit exceeded"]})");
      case Fault::empty: return answer(200, rest_page({}, std::to_string(since)));
      case Fault::again: return answer(200, rest.last_page);
      case Fault::garbage: return answer(200, good.substr(0, good.size() / 2));
      case Fault::hang_up: return end();
      case Fault::silence: return;
    }
  }
  FaultyRest& rest;
};

// Ranges of ids, in words.
std::string ranges(const std::set<std::int64_t>& ids) {
  std::string words;
  for (auto id = ids.begin(); id != ids.end();) {
    const std::int64_t first = *id;
    std::int64_t last = first;
    while (++id != ids.end() && *id == last + 1) last = *id;
    words += fmt::format("{}-{} ", first, last);
  }
  return words;
}

// The fillers of one or two markets over one client, in a made-up world.
struct Fill {
  net::MadeWorld world;
  FaultyRest rest;
  std::vector<SequenceGap> gaps;        // of the first market
  std::vector<SequenceGap> other_gaps;  // of a second
  Duration limit = Duration::hours(6);
  Duration pace = Duration::milliseconds(100);
  std::function<bool()> enough = [] { return false; };  // ends it early; looked at ten times a second
  std::function<net::Task<void>(ExchangeRest&, net::Loop&)> meanwhile;

  // What came out.
  std::set<std::int64_t> ids, told;  // delivered; told to be filled
  std::vector<SequenceGap> left;     // as the store would have them
  std::int64_t others = 0;           // trades of the second market
  std::int64_t twice = 0, wrong = 0, untrue = 0;
  std::size_t most_waiting = 0;
  std::int64_t missing = 0, filled = 0;
  Duration took;
  std::string log_text;

  void take(const Event& event) {
    if (event.market() != MarketId{0}) {
      others += event.kind() == EventKind::trade ? 1 : 0;
      return;
    }
    if (event.kind() == EventKind::trade) {
      const Trade& trade = event.trade();
      const Trade right = made(trade.id);
      twice += ids.insert(trade.id).second ? 0 : 1;
      wrong += trade.price == right.price && trade.quantity == right.quantity ? 0 : 1;
      return;
    }
    const SequenceGap& came = event.sequence_gap();
    for (std::int64_t id = came.first_missing_id; id <= came.last_missing_id; ++id) {
      untrue += ids.contains(id) && told.insert(id).second ? 0 : 1;
    }
    std::vector<SequenceGap> rest_of;
    for (SequenceGap gap : left) {
      if (came.first_missing_id > gap.last_missing_id || came.last_missing_id < gap.first_missing_id) {
        rest_of.push_back(gap);
        continue;
      }
      SequenceGap behind = gap;
      behind.first_missing_id = came.last_missing_id + 1;
      behind.proven_until = came.proven_until;
      gap.last_missing_id = came.first_missing_id - 1;
      for (const SequenceGap& part : {gap, behind}) {
        if (part.first_missing_id <= part.last_missing_id) rest_of.push_back(part);
      }
    }
    left = rest_of;
  }

  void run() {
    left = gaps;
    world.byte_peers["80"] = [this] { return std::make_unique<RestPeer>(rest); };
    const MarketTable table = {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)},
                               {MarketId{1}, "kraken", "ETH/USD", Duration::minutes(1)}};
    const std::string log_file = scratch("fill_log");
    std::filesystem::remove(log_file);
    {
      flow::Log log({flow::LogLevel::debug, flow::LogFormat::text, log_file});
      FeedStatistics statistics(table);
      ExchangeStatistics& of_exchange = statistics.of("kraken");
      ExchangeSettings settings = kraken_settings();
      const HistorySettings history;
      const auto exchange = kraken_for({"BTC/USD", "ETH/USD"});
      ExchangeClock clock(1.0);
      Evidence evidence(log, of_exchange);
      net::RandomSource random_source(7);
      flow::Channel channel = flow::make_channel(1 << 14);
      Outlet outlet(channel.sender, world);
      net::Loop loop(world);
      net::RestClient client({loop, random_source, log, of_exchange.rest_requests, of_exchange.rest_failures},
                             *net::parse_url("http://exchange.test/0/public"), "",
                             std::make_shared<net::HostLimiter>(pace));
      ExchangeRest asked(client, *known_exchanges().find("kraken")->descriptor, *exchange, clock, evidence);
      net::Signal life_wanted(loop);
      const MarketParts parts{loop, asked, clock, outlet, log, settings, history, life_wanted};
      const std::string name = "XXBTZUSD", other_name = "XETHZUSD";
      RecordedSequenceGaps filler(parts, table[0], statistics.markets[0], name, [&] { return clock.known(); });
      RecordedSequenceGaps other(parts, table[1], statistics.markets[1], other_name, [&] { return clock.known(); });
      for (const SequenceGap& gap : gaps) filler.add(gap, {}, world.now());
      for (const SequenceGap& gap : other_gaps) other.add(gap, {}, world.now());
      const Duration began = world.now();
      const auto drain = [&] {
        std::size_t count = 0;
        while (const std::optional<Event> event = channel.receiver.pop()) {
          take(*event);
          ++count;
        }
        channel.receiver.release();
        most_waiting = std::max(most_waiting, count);
      };
      const std::function<void()> look = [&] {
        drain();
        const bool whole = statistics.markets[0].missing.value() + statistics.markets[1].missing.value() == 0;
        if (whole || enough() || world.now() - began >= limit) return loop.request_stop();
        world.later(pace, look);
      };
      world.later(pace, look);
      loop.spawn(know_the_time(asked));
      loop.spawn(filler.keep_filling());
      loop.spawn(other.keep_filling());
      if (meanwhile) loop.spawn(meanwhile(asked, loop));
      loop.run(Duration::seconds(1));
      drain();
      took = world.now() - began;
      missing = statistics.markets[0].missing.value();
      filled = statistics.markets[0].sequence_gaps_filled.value();
    }
    std::ifstream file(log_file);
    log_text.assign(std::istreambuf_iterator<char>(file), {});
    std::filesystem::remove(log_file);
  }

  static net::Task<void> know_the_time(ExchangeRest& asked) {
    for (bool known = false; !known;) {
      RestResult<void> got = co_await asked.ask_time();
      known = got.has_value();
    }
  }

  // Each id of the gaps that the exchange has came once, as it is; what did not come is what is left, and nothing else was said.
  void check_exact() const {
    std::set<std::int64_t> expected;
    std::int64_t lacking = 0;
    for (const SequenceGap& gap : gaps) {
      for (std::int64_t id = gap.first_missing_id; id <= gap.last_missing_id; ++id) {
        if (rest.absent.contains(id) || id > rest.newest) {
          ++lacking;
        } else {
          expected.insert(id);
        }
      }
    }
    CHECK(ranges(ids) == ranges(expected));
    CHECK(told == ids);
    CHECK(twice == 0);
    CHECK(wrong == 0);
    CHECK(untrue == 0);
    CHECK(missing == lacking);
    std::int64_t remaining = 0;
    for (const SequenceGap& gap : left) remaining += gap.last_missing_id - gap.first_missing_id + 1;
    CHECK(remaining == lacking);
  }
};

SequenceGap gap_of(std::int64_t first, std::int64_t last) {
  return {first, last, made(last).time + Duration::minutes(10), {}};
}

}  // namespace

TEST_CASE("gap fill: an error at every sixth answer costs a pause, not the pages before it") {
  Fill fill;
  fill.rest.newest = 100'000;
  fill.rest.fault = [](int number, const std::string&) { return number % 6 == 0 ? Fault::error : Fault::none; };
  fill.gaps = {gap_of(40'001, 40'776)};
  fill.run();
  fill.check_exact();
  CHECK(fill.left.empty());
  CHECK(fill.filled == 1);
  CHECK(fill.took < Duration::minutes(1));
  CHECK(contains(fill.log_text, "hole filled"));
  CHECK_FALSE(contains(fill.log_text, "hole still open"));
}

TEST_CASE("gap fill: each fault at every other answer, all comes") {
  for (int fault = 1; fault < faults; ++fault) {
    INFO(fault);
    Fill fill;
    fill.rest.newest = 20'000;
    fill.rest.fault = [fault](int number, const std::string&) {
      return number % 2 == 0 ? static_cast<Fault>(fault) : Fault::none;
    };
    fill.gaps = {gap_of(5'001, 6'500)};
    fill.run();
    fill.check_exact();
    CHECK(fill.rest.requests < 200);
  }
}

TEST_CASE("gap fill: a page that is repeated for ever, nothing, and errors for ever end in ever rarer requests") {
  for (const Fault fault : {Fault::again, Fault::empty, Fault::error, Fault::garbage}) {
    INFO(static_cast<int>(fault));
    Fill fill;
    fill.rest.newest = 20'000;
    fill.rest.last_page = fill.rest.page(test_epoch.ns, false);
    bool well = false;
    fill.rest.fault = [&](int, const std::string&) { return well ? Fault::none : fault; };
    fill.gaps = {gap_of(5'001, 5'500)};
    fill.limit = Duration::hours(12);
    int in_ten_hours = 0;
    fill.enough = [&] {
      if (fill.world.now() > Duration::seconds(1000) + Duration::hours(10) && !well) {
        well = true;
        in_ten_hours = fill.rest.requests;
      }
      return false;
    };
    fill.run();
    CHECK(in_ten_hours > 0);
    CHECK(in_ten_hours < 2'000);
    fill.check_exact();  // and when it is well again, all comes
  }
}

TEST_CASE("gap fill: a million ids are streamed page by page, told every few seconds") {
  Fill fill;
  fill.rest.newest = 1'100'000;
  fill.rest.page_rows = 1'000;
  fill.gaps = {gap_of(50'001, 1'050'000)};
  fill.run();
  fill.check_exact();
  CHECK(fill.left.empty());
  CHECK(fill.most_waiting <= 2 * 1'001);
  CHECK(fill.rest.requests < 1'200);
  CHECK(contains(fill.log_text, "filling holes"));
  CHECK(contains(fill.log_text, "remaining="));
  CHECK(contains(fill.log_text, "per_second="));
  CHECK(contains(fill.log_text, "left="));
  CHECK(contains(fill.log_text, "trades=1000000"));
}

TEST_CASE("gap fill: ids that the exchange does not have stay open, what lies around them comes") {
  Fill fill;
  fill.rest.newest = 20'000;
  for (std::int64_t id = 5'100; id < 5'110; ++id) fill.rest.absent.insert(id);
  fill.rest.absent.insert(5'001);
  fill.gaps = {gap_of(5'001, 5'500), gap_of(7'001, 7'100)};
  fill.limit = Duration::minutes(5);
  fill.run();
  fill.check_exact();
  REQUIRE(fill.left.size() == 2);
  CHECK(fill.left[0].first_missing_id == 5'001);
  CHECK(fill.left[0].last_missing_id == 5'001);
  CHECK(fill.left[1].first_missing_id == 5'100);
  CHECK(fill.left[1].last_missing_id == 5'109);
  CHECK(fill.filled == 1);
}

TEST_CASE("gap fill: a gap that cannot be filled starves no other, of its own market or of another") {
  Fill fill;
  fill.rest.newest = 400'000;
  for (std::int64_t id = 1'001; id <= 3'000; ++id) fill.rest.absent.insert(id);
  for (int i = 0; i < 20; ++i) fill.gaps.push_back(gap_of(1'001 + i * 100, 1'010 + i * 100));
  fill.gaps.push_back(gap_of(5'001, 5'050));
  fill.gaps.push_back(gap_of(10'001, 300'000));  // large
  fill.gaps.push_back(gap_of(350'001, 350'050));
  fill.other_gaps = {gap_of(1, 100'000)};
  fill.rest.fault = [](int, const std::string& market) {
    return market == "XETHZUSD" ? Fault::error : Fault::none;  // pauses the host, too
  };
  Duration small_done;
  fill.enough = [&] {
    if (small_done.ns == 0 && fill.ids.contains(5'050) && fill.ids.contains(350'050))
      small_done = fill.world.now() - Duration::seconds(1000);
    return fill.ids.contains(300'000);
  };
  fill.rest.page_rows = 1'000;
  fill.run();
  CHECK(fill.ids.size() == 290'000 + 100);
  CHECK(small_done.ns > 0);
  CHECK(small_done < Duration::minutes(15));
  CHECK(fill.took < Duration::hours(2));
}

TEST_CASE("gap fill: two markets share the pace, and live requests get ahead of both") {
  Fill fill;
  fill.rest.newest = 100'000;
  fill.gaps = {gap_of(1, 50'000)};
  fill.other_gaps = {gap_of(1, 50'000)};
  std::vector<Duration> waits;
  fill.meanwhile = [&waits](ExchangeRest& asked, net::Loop& loop) -> net::Task<void> {
    TradesPage page;
    for (int i = 0; i < 20; ++i) {
      co_await loop.sleep(Duration::seconds(3));
      const Duration began = loop.now();
      RestResult<void> got = co_await asked.ask_trades("XXBTZUSD", PageRequest{test_epoch, {}}, page);
      waits.push_back(loop.now() - began);
    }
  };
  double least = 1, most = 0;
  fill.enough = [&] {
    if (fill.ids.size() > 5'000 && fill.ids.size() < 45'000) {
      const double part = static_cast<double>(fill.others) / static_cast<double>(fill.ids.size());
      least = std::min(least, part);
      most = std::max(most, part);
    }
    return false;
  };
  fill.run();
  fill.check_exact();
  CHECK(fill.others == 50'000);
  CHECK(least > 0.9);
  CHECK(most < 1.1);
  REQUIRE(waits.size() == 20);
  for (const Duration wait : waits) CHECK(wait <= Duration::milliseconds(300));  // the pace, and one that is on its way
}

TEST_CASE("gap fill: a restart in the middle goes on where it was") {
  FaultyRest rest;
  rest.newest = 50'000;
  std::set<std::int64_t> all;
  std::vector<SequenceGap> left = {gap_of(10'001, 30'000)};
  int requests = 0, runs = 0;
  while (!left.empty() && ++runs < 20) {
    Fill fill;
    fill.rest = rest;
    fill.gaps = left;
    fill.enough = [&fill] { return fill.ids.size() >= 3'000; };
    fill.run();
    for (const std::int64_t id : fill.ids) CHECK(all.insert(id).second);
    CHECK(fill.twice == 0);
    CHECK(fill.untrue == 0);
    left = fill.left;
    requests += fill.rest.requests;
  }
  CHECK(runs <= 8);
  CHECK(ranges(all) == "10001-30000 ");
  CHECK(requests < 200 + 60 + 15 * runs);
}

TEST_CASE("gap fill: a thousand patterns of faults end in the exchange's trades, each once") {
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    std::mt19937_64 dice(seed);
    const auto throw_one = [&dice](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(dice);
    };
    Fill fill;
    fill.rest.newest = 3'000;
    fill.rest.page_rows = static_cast<std::size_t>(throw_one(5, 60));
    const std::int64_t percent = throw_one(0, 50), kind = throw_one(0, faults - 1);
    fill.rest.fault = [&, percent, kind](int, const std::string&) {
      if (throw_one(1, 100) > percent) return Fault::none;
      return static_cast<Fault>(kind == 0 ? throw_one(1, faults - 1) : kind);
    };
    std::int64_t from = throw_one(1, 500);
    for (std::int64_t i = throw_one(1, 4); i > 0; --i) {
      const std::int64_t last = from + throw_one(0, 300);
      fill.gaps.push_back(gap_of(from, last));
      if (throw_one(0, 1) == 0) fill.gaps.back().proven_until = made(from).time;
      from = last + throw_one(2, 200);
    }
    if (throw_one(0, 3) == 0) {
      for (std::int64_t i = throw_one(1, 5); i > 0; --i) fill.rest.absent.insert(throw_one(1, from));
    }
    fill.limit = Duration::hours(8);
    const bool lacks = std::ranges::any_of(fill.gaps, [&](const SequenceGap& gap) {
      const auto first = fill.rest.absent.lower_bound(gap.first_missing_id);
      return first != fill.rest.absent.end() && *first <= gap.last_missing_id;
    });
    fill.run();
    INFO("seed " << seed << ", fault " << kind << " at " << percent << " %, pages of " << fill.rest.page_rows
                 << (lacks ? ", with ids that are not there" : ""));
    fill.check_exact();
    CHECK(fill.rest.requests < 6'000);
    if (!lacks) CHECK(fill.left.empty());
  }
}

}  // namespace candled::ingest
