// The simulated order book, followed by a client written for this test alone: a map a side, cut to the depth, text checksums.
#include "simulator/fake_stage.hpp"
#include "simulator/number_text.hpp"

#include <boost/crc.hpp>
#include <map>

using namespace candled;
using namespace candled::simulator;

namespace {

// Keeps the texts of numbers, because the checksum is one of texts.
struct Follower {
  explicit Follower(std::size_t levels) : depth(levels) {}

  std::size_t depth;
  std::map<double, std::pair<std::string, std::string>> bids, asks;  // price: (price text, quantity text)
  int snapshots = 0, updates = 0, mismatches = 0, repeated = 0, unknown_removals = 0, crossed = 0;
  std::string last_time;

  static std::string digits(std::string text) {
    std::erase(text, '.');
    return text.substr(std::min(text.find_first_not_of('0'), text.size()));
  }
  static std::string field(const std::string& text, const std::string& key, std::size_t from, std::size_t& end) {
    const std::size_t at = text.find("\"" + key + "\":", from) + key.size() + 3;
    end = text.find_first_of(",}]", at);
    return text.substr(at, end - at);
  }
  void take_side(const std::string& frame, const std::string& name,
                 std::map<double, std::pair<std::string, std::string>>& side) {
    std::size_t at = frame.find("\"" + name + "\":[") + name.size() + 4;
    std::map<std::string, int> seen;
    while (frame[at] != ']') {
      const std::string price = field(frame, "price", at, at), quantity = field(frame, "qty", at, at);
      at += 1;
      if (frame[at] == ',') ++at;
      repeated += ++seen[price] == 2 ? 1 : 0;
      if (std::stod(quantity) == 0) {
        unknown_removals += side.erase(std::stod(price)) == 0 ? 1 : 0;
      } else {
        side[std::stod(price)] = {price, quantity};
      }
    }
  }
  std::string checked_text() const {
    std::string text;
    std::size_t count = 0;
    for (auto at = asks.begin(); at != asks.end() && count < 10; ++at, ++count)
      text += digits(at->second.first) + digits(at->second.second);
    count = 0;
    for (auto at = bids.rbegin(); at != bids.rend() && count < 10; ++at, ++count)
      text += digits(at->second.first) + digits(at->second.second);
    return text;
  }
  void hear(const std::string& frame) {
    if (frame.find(R"("channel":"book","type":)") == std::string::npos) return;
    const bool snapshot = frame.find(R"("type":"snapshot")") != std::string::npos;
    if (snapshot) bids.clear(), asks.clear();
    snapshot ? ++snapshots : ++updates;
    take_side(frame, "bids", bids);
    take_side(frame, "asks", asks);
    while (bids.size() > depth) bids.erase(bids.begin());
    while (asks.size() > depth) asks.erase(std::prev(asks.end()));
    boost::crc_32_type crc;
    const std::string text = checked_text();
    crc.process_bytes(text.data(), text.size());
    std::size_t end = 0;
    mismatches += std::to_string(crc.checksum()) == field(frame, "checksum", 0, end) ? 0 : 1;
    last_time = field(frame, "timestamp", 0, end);
    crossed += bids.empty() || asks.empty() || bids.rbegin()->first >= asks.begin()->first ? 1 : 0;
  }
};

std::string book_request(const char* method, const char* depth) {
  return std::string(R"({"method":")") + method + R"(","params":{"channel":"book","symbol":["BTC/USD"],"depth":)" +
         depth + "}}";
}

Follower follow(Stage& stage, std::size_t depth) {
  Follower follower(depth);
  for (const std::string& frame : stage.link.frames) follower.hear(frame);
  return follower;
}

}  // namespace

TEST_CASE("book: a client that follows the protocol has every checksum right, at every depth") {
  for (const std::size_t depth : {10U, 25U, 100U}) {
    Stage stage(two_markets(0));
    stage.subscribe();
    stage.ask(book_request("subscribe", std::to_string(depth).c_str()));
    stage.run();
    const Follower follower = follow(stage, depth);
    CHECK(follower.snapshots == 1);
    CHECK(follower.updates > 1000);
    CHECK(follower.mismatches == 0);
    CHECK(follower.crossed == 0);
    CHECK(follower.repeated > 50);
    CHECK(follower.unknown_removals > 50);
    CHECK(follower.bids.size() == depth);
    CHECK(follower.asks.size() == depth);
    CHECK(stage.exchange.statistics().books_sent == follower.updates);
    // The last trade stands at the top of the taker's side.
    const Trade& last = stage.exchange.markets()[0].history.back();
    const double best = last.side == Side::buy ? follower.asks.begin()->first : follower.bids.rbegin()->first;
    CHECK(best == Approx(last.price.to_double()));
    CHECK(follower.last_time == "\"" + microsecond_text(last.time) + "\"");
    CHECK(stage.ids("BTC/USD").size() == 3000);  // the trades are what they are without a book
  }
}

TEST_CASE("book: the same tape has the same books, whenever one joins") {
  Stage from_start(two_markets(0)), later(two_markets(0));
  from_start.ask(book_request("subscribe", "10"));
  from_start.subscribe();
  from_start.run();
  later.subscribe();
  later.run();
  later.ask(book_request("subscribe", "10"));
  CHECK(follow(from_start, 10).checked_text() == follow(later, 10).checked_text());
  CHECK(follow(later, 10).updates == 0);
  CHECK_FALSE(follow(later, 10).checked_text().empty());
}

TEST_CASE(
    "book: without a subscriber nothing is sent; behind an unsubscription it ends, and a new one starts with a "
    "snapshot") {
  Stage stage(two_markets(1, 3000));
  stage.subscribe();
  stage.ask(book_request("subscribe", "10"));
  const auto pass = [&](int seconds) {
    stage.wall = stage.wall + Duration::seconds(seconds);
    stage.run();
  };
  pass(60);
  const int before = follow(stage, 10).updates;
  CHECK(before > 5);
  stage.ask(book_request("unsubscribe", "10"));
  pass(60);
  CHECK(follow(stage, 10).updates == before);
  stage.ask(book_request("subscribe", "10"));
  pass(60);
  const Follower follower = follow(stage, 10);
  CHECK(follower.snapshots == 2);
  CHECK(follower.updates > before);
  CHECK(follower.mismatches == 0);
}

TEST_CASE(
    "book faults: a wrong checksum is one wrong message, a lost update shows in the next, a refusal is the "
    "protocol's") {
  const auto mismatches_with = [](const char* fault) {
    Stage stage(two_markets(0));
    stage.subscribe();
    stage.ask(book_request("subscribe", "10"));
    stage.fault(fault);
    stage.run();
    return follow(stage, 10).mismatches;
  };
  CHECK(mismatches_with("book_checksum?at_trade=100") == 1);
  CHECK(mismatches_with("book_checksum?at_trade=100&trades=3&symbol=BTC/USD") == 3);
  CHECK(mismatches_with("book_checksum?at_trade=100&symbol=ETH/USD") == 0);
  CHECK(mismatches_with("book_drop?at_trade=100&trades=5") >= 1);
  Stage stage(two_markets(0));
  stage.fault("book_refused");
  has(stage.ask(book_request("subscribe", "10")), R"("error":"Subscription depth not supported")");
  stage.exchange.clear_faults();
  has(stage.ask(book_request("subscribe", "10")), R"("success":true)");
}
