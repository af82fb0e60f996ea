// REST answers as pure functions of history.
#include <catch2/catch.hpp>

#include <set>
#include <vector>

#include <simdjson.h>

#include "simulator/dialects/kraken/rest_pages.hpp"

using namespace candled;
using namespace candled::simulator;
using namespace candled::simulator::kraken;

namespace {

constexpr std::int64_t base_ns = 1'762'820'000'000'000'000;

Trade trade(std::int64_t id, std::int64_t ns, const char* price = "100.5", const char* quantity = "0.25") {
  Trade t;
  t.id = id;
  t.time = Timestamp{ns};
  t.price = Price::parse(price).value();
  t.quantity = Quantity::parse(quantity).value();
  return t;
}

struct Page {
  std::vector<std::int64_t> ids;
  std::string last;
};

Page read(const std::string& body, const char* key = "XXBTZUSD") {
  simdjson::dom::parser parser;
  const auto root = parser.parse(body).value();
  REQUIRE(root["error"].get_array().value().size() == 0);
  Page page;
  const simdjson::dom::array rows = root["result"][key].get_array().value();
  for (auto row : rows) {
    REQUIRE(row.get_array().value().size() == 7);
    page.ids.push_back(row.at(6).get_int64().value());
  }
  page.last = std::string(root["result"]["last"].get_string().value());
  return page;
}

const Pair& btc() {
  static const Pair pair = pair_of("BTC/USD").value();
  return pair;
}

// Groups of seven trades at one instant, a microsecond apart.
History grouped(int trades) {
  History history;
  for (int i = 0; i < trades; ++i) history.add(trade(1000 + i, base_ns + i / 7 * 1000 + 123));
  return history;
}

std::string bars(const History& history, Timestamp now, std::int64_t since = 0) {
  return ohlc_page(history, btc(), now, 1, since).value();
}

}  // namespace

TEST_CASE("Trades: without since the latest, ascending; with since what is later") {
  const History history = grouped(2500);
  const Page latest = read(trades_page(history, btc(), {}));
  REQUIRE(latest.ids.size() == 1000);
  CHECK(latest.ids.front() == 1000 + 1500);
  CHECK(latest.ids.back() == 1000 + 2499);
  CHECK(std::is_sorted(latest.ids.begin(), latest.ids.end()));
  CHECK(latest.last == std::to_string(history.back().time.ns));

  const Page first = read(trades_page(history, btc(), {.since = Timestamp{}}));
  CHECK(first.ids.front() == 1000);
  CHECK(first.ids.size() == 1000);
  CHECK(read(trades_page(history, btc(), {.since = Timestamp{}, .count = 3})).ids.size() == 3);

  const Page end = read(trades_page(history, btc(), {.since = history.back().time}));
  CHECK(end.ids.empty());
  CHECK(end.last == std::to_string(history.back().time.ns));
}

TEST_CASE(
    "Trades: since is exclusive, so a page boundary inside a group loses its rest; one nanosecond less does not") {
  const History history = grouped(2100);
  const Page page = read(trades_page(history, btc(), {.since = Timestamp{}}));
  const std::int64_t last = std::stoll(page.last);
  CHECK(history[999].time.ns == last);
  CHECK(history[1000].time.ns == last);  // the group goes on behind the page
  const Page naive = read(trades_page(history, btc(), {.since = Timestamp{last}}));
  CHECK(naive.ids.front() > page.ids.back() + 1);
  const Page careful = read(trades_page(history, btc(), {.since = Timestamp{last - 1}}));
  CHECK(careful.ids.front() <= page.ids.back());
  const Page inclusive = read(trades_page(history, btc(), {.since = Timestamp{last}, .inclusive = true}));
  CHECK(inclusive.ids == careful.ids);
}

TEST_CASE("Trades: paging carefully gives each trade once") {
  const History history = grouped(5000);
  std::set<std::int64_t> seen;
  Timestamp cursor{};
  for (int pages = 0; pages < 10; ++pages) {
    const Page page = read(trades_page(history, btc(), {.since = cursor}));
    seen.insert(page.ids.begin(), page.ids.end());
    cursor = Timestamp{std::stoll(page.last) - 1};
  }
  CHECK(seen.size() == 5000);
}

TEST_CASE("Trades: lag and wrong last") {
  const History history = grouped(70);
  const Page lagging = read(trades_page(history, btc(), {.known_until = Timestamp{base_ns + 123}}));
  CHECK(lagging.ids.size() == 7);
  const Page wrong = read(trades_page(history, btc(), {.wrong_last = true}));
  CHECK(wrong.last == "1762820000");
}

TEST_CASE("since is seconds or nanoseconds, by its size") {
  const auto check = [](const char* text, std::int64_t ns) {
    INFO(text);
    REQUIRE(parse_since(text).has_value());
    CHECK(parse_since(text)->ns == ns);
  };
  check("0", 0);
  check("1688669597", 1688669597000000000);
  check("1688669597.8277", 1688669597827700000);
  check("1688669597827736900", 1688669597827736900);
  for (const char* bad : {"", "x", "-1", "12x", "99999999999999999999", "1e30"}) {
    INFO(bad);
    CHECK_FALSE(parse_since(bad).has_value());
  }
}

TEST_CASE("OHLC: quiet bars are flat, the open bar is the last row") {
  History history;
  const std::int64_t minute = base_ns - base_ns % 60'000'000'000;
  history.add(trade(1, minute + 1, "100.5", "1"));
  history.add(trade(2, minute + 2, "102.5", "1"));
  history.add(trade(3, minute + 3, "99.5", "2"));
  history.add(trade(4, minute + 150'000'000'000, "101.0", "0.5"));
  const std::int64_t s = minute / 1'000'000'000;
  CHECK(bars(history, Timestamp{minute + 151'000'000'000}) ==
        "{\"error\":[],\"result\":{\"XXBTZUSD\":[[" + std::to_string(s) +
            ",\"100.5\",\"102.5\",\"99.5\",\"99.5\",\"100.5\",\"4.00000000\",3],[" + std::to_string(s + 60) +
            ",\"99.5\",\"99.5\",\"99.5\",\"99.5\",\"0.0\",\"0.00000000\",0],[" + std::to_string(s + 120) +
            ",\"101.0\",\"101.0\",\"101.0\",\"101.0\",\"101.0\",\"0.50000000\",1]],\"last\":" + std::to_string(s + 60) +
            "}}");
  const std::string later = bars(history, Timestamp{minute + 151'000'000'000}, s + 60);
  CHECK(later.find("[[" + std::to_string(s + 120)) != std::string::npos);
}

TEST_CASE("OHLC: 720 bars at most, only Kraken's intervals") {
  History history;
  const std::int64_t minute = base_ns - base_ns % 60'000'000'000;
  for (std::int64_t i = 0; i < 1500; ++i) history.add(trade(i + 1, minute + i * 60'000'000'000));
  const std::string body = bars(history, history.back().time);
  simdjson::dom::parser parser;
  const auto root = parser.parse(body).value();
  CHECK(root["result"]["XXBTZUSD"].get_array().value().size() == 720);
  CHECK_FALSE(ohlc_page(history, btc(), history.back().time, 7, 0).has_value());
  CHECK(ohlc_page(History(), btc(), history.back().time, 60, 0)->find("\"XXBTZUSD\":[]") != std::string::npos);
}

TEST_CASE("Time, SystemStatus and AssetPairs are the recorded shapes") {
  const Timestamp now = parse_rfc3339("2025-11-11T00:17:04.9Z").value();
  CHECK(time_page(now) == R"({"error":[],"result":{"unixtime":1762820224,"rfc1123":"Tue, 11 Nov 25 00:17:04 +0000"}})");
  CHECK(system_status_page("online", now) ==
        R"({"error":[],"result":{"status":"online","timestamp":"2025-11-11T00:17:04Z"}})");
  const Pair doge = pair_of("DOGE/USD").value();
  const std::vector<Pair> pairs{btc(), doge};
  simdjson::dom::parser parser;
  const std::string body = asset_pairs_page(pairs);
  const auto result = parser.parse(body).value()["result"];
  CHECK(std::string(result["XXBTZUSD"]["wsname"].get_string().value()) == "XBT/USD");
  CHECK(result["XXBTZUSD"]["pair_decimals"].get_int64().value() == 1);
  CHECK(std::string(result["XDGUSD"]["tick_size"].get_string().value()) == "0.0000001");
}

TEST_CASE("history forgets beyond its limit") {
  History history(10);
  for (int i = 0; i < 25; ++i) history.add(trade(i + 1, base_ns + i));
  CHECK(history.size() == 10);
  CHECK(history[0].id == 16);
  CHECK(history.first_at(Timestamp{base_ns + 20}) == 5);
  CHECK(history.first_after(Timestamp{base_ns + 20}) == 6);
}
