// Order books in a whole session: asked for behind the trades, refused, broken, requested again, and never in the way.
#include "feed_scene.hpp"

namespace candled::ingest {
namespace {

// The server's side of one connection: answers what the client asks, as the test says, while it sends what the test gives.
struct Conversation {
  std::vector<std::string> heard;

  bool hear(Line& line, const std::string& part) {
    for (std::string text; line.read(text);) {
      heard.push_back(text);
      if (contains(text, part)) return true;
    }
    return false;
  }
};

const std::string trades_wanted = R"("channel":"trade")",
                  book_wanted = R"("method":"subscribe","params":{"channel":"book")";

std::string book_frame(const std::string& type, double bid, Timestamp time, const std::string& more = "",
                       const char* symbol = "BTC/USD") {
  return fmt::format(
      R"({{"channel":"book","type":"{}","data":[{{"symbol":"{}","bids":[{{"price":{:.1f},"qty":1.00000000}}],)"
      R"("asks":[{{"price":200.0,"qty":1.00000000}}],"timestamp":"{}"{}}}]}})",
      type, symbol, bid, to_iso8601(time), more);
}

Scene book_scene(RestBook& rest, std::function<void(Line&, int)> stream) {
  Scene scene;
  scene.book_depths = {10};
  scene.interval = Duration::seconds(1);
  scene.script.rest = [&rest](const std::string& target) { return rest(target); };
  scene.script.stream = std::move(stream);
  scene.until = trades_up_to(9);
  return scene;
}

}  // namespace

TEST_CASE("book session: asked for behind the trades; facts come ahead of the trade that ends their interval") {
  RestBook rest;
  Conversation talk;
  Scene scene = book_scene(rest, [&](Line& line, int) {
    line.send(status_frame());
    talk.hear(line, trades_wanted);
    line.send(ack("BTC/USD"));
    talk.hear(line, book_wanted);
    line.send(book_frame("snapshot", 100, test_epoch));
    line.send(book_frame("update", 101, test_epoch + Duration::milliseconds(900)));
    line.send(stream_frame({trade_of(1, test_epoch + Duration::milliseconds(950))}, "snapshot"));
    line.send(stream_frame({trade_of(2, test_epoch + Duration::milliseconds(3100))}));
    line.send(stream_frame({trade_of(3, test_epoch + Duration::milliseconds(3200))}));
    beat(line, 10);
    line.send(stream_frame({trade_of(4, test_epoch + Duration::milliseconds(3300))}));
  });
  scene.until = trades_up_to(4);
  const Outcome outcome = play(std::move(scene));
  CHECK(talk.heard.size() == 2);
  CHECK(contains(talk.heard.at(1), R"("symbol":["BTC/USD"],"depth":10,"snapshot":true)"));
  const std::vector<BookFacts>& books = outcome.markets.front().books;
  REQUIRE(books.size() >= 3);
  CHECK(books[0].open_time == test_epoch);
  CHECK(books[0].updates == 1);
  CHECK(books[0].ranks[0].bid.price == *Price::parse("101"));
  CHECK(books[1].open_time == test_epoch + Duration::seconds(1));
  CHECK(books[1].updates == 0);
  CHECK(books[1].whole);
  CHECK(outcome.markets.front().words == "1-4 ");
  CHECK(outcome.reconnects == 0);
}

TEST_CASE("book session: no answer, a refusal of any kind, a market without a book: trades go on, one line") {
  struct Refusal {
    const char* name;
    std::string answer;
    int lines;
  };
  const std::string start = R"({"method":"subscribe","success":false,)";
  for (const Refusal& refusal :
       {Refusal{"depth", start + R"("error":"Subscription depth not supported"})", 1},
        Refusal{"named", start + R"("error":"Currency pair not supported BTC/USD","symbol":"BTC/USD","req_id":3})", 1},
        Refusal{"named without id", start + R"("error":"Currency pair not supported BTC/USD","symbol":"BTC/USD"})", 1},
        Refusal{"unnamed", start + R"("error":"Subscription name invalid"})", 1},
        Refusal{"rate", start + R"("error":"Exceeded msg rate","req_id":3})", 0},
        Refusal{"nonsense",
                R"({"method":"subscribe","success":true,"result":{"channel":"book","warnings":["x"],"symbol":7}})", 0},
        Refusal{"silence", heartbeat(), 0}}) {
    INFO(refusal.name);
    RestBook rest;
    Scene scene = book_scene(rest, [&](Line& line, int) {
      Conversation talk;
      line.send(status_frame());
      talk.hear(line, trades_wanted);
      line.send(ack("BTC/USD"));
      line.send(stream_frame(trades_between(1, 3), "snapshot"));
      talk.hear(line, book_wanted);
      line.send(refusal.answer);
      line.send(stream_frame(trades_between(4, 9)));
    });
    const Outcome outcome = play(std::move(scene));
    CHECK(outcome.markets.front().words == "1-9 ");
    CHECK(outcome.markets.front().books.empty());
    CHECK(outcome.connections == 1);
    int lines = 0;
    for (std::size_t at = 0; (at = outcome.log.find("no order book", at)) != std::string::npos; ++at) ++lines;
    CHECK(lines == refusal.lines);
    CHECK_FALSE(contains(outcome.log, "market refused"));
  }
}

TEST_CASE("book session: a wrong checksum is one unsubscribe and one subscribe, however many messages are wrong") {
  RestBook rest;
  Conversation talk;
  std::vector<std::string> after;
  Scene scene = book_scene(rest, [&](Line& line, int) {
    line.send(status_frame());
    talk.hear(line, trades_wanted);
    line.send(ack("BTC/USD"));
    line.send(stream_frame(trades_between(1, 3), "snapshot"));
    talk.hear(line, book_wanted);
    line.send(book_frame("snapshot", 100, test_epoch));
    for (int i = 0; i < 100; ++i) line.send(book_frame("update", 100, test_epoch, R"(,"checksum":1)"));
    const std::size_t heard = talk.heard.size();
    talk.hear(line, book_wanted);
    after.assign(talk.heard.begin() + static_cast<std::ptrdiff_t>(heard), talk.heard.end());
    line.send(book_frame("snapshot", 100, test_epoch));
    line.send(book_frame("update", 100, test_epoch, R"(,"checksum":1)"));  // at once again: not before five seconds
    beat(line, 20);
    line.send(stream_frame(trades_between(4, 9)));
  });
  const Outcome outcome = play(std::move(scene));
  REQUIRE(after.size() == 2);
  CHECK(contains(after[0], R"("method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10})"));
  CHECK(outcome.mismatches == 2);
  CHECK(outcome.resyncs == 1);
  CHECK(outcome.markets.front().words == "1-9 ");
  CHECK(outcome.connections == 1);
}

TEST_CASE("book session: another connection starts again, with depths of their own") {
  RestBook rest;
  rest.newest = 9;
  std::vector<std::string> intents;
  Scene scene = book_scene(rest, [&](Line& line, int connection) {
    Conversation talk;
    line.send(status_frame());
    talk.hear(line, trades_wanted);
    line.send(ack("BTC/USD"));
    line.send(ack("ETH/USD"));
    talk.hear(line, book_wanted);
    talk.hear(line, book_wanted);
    if (connection == 0) {
      line.send(book_frame("snapshot", 100, test_epoch));
      line.send(book_frame("snapshot", 100, test_epoch, "", "ETH/USD"));
      return line.cut();
    }
    intents = talk.heard;
    line.send(book_frame("update", 150,
                         test_epoch + Duration::milliseconds(100)));  // of a book that this connection has not given
    line.send(book_frame("snapshot", 120, test_epoch + Duration::milliseconds(200)));
    line.send(stream_frame({trade_of(9)}, "snapshot"));
    line.send(stream_frame({trade_of(10, test_epoch + Duration::milliseconds(1500))}));
  });
  scene.symbols = {"BTC/USD", "ETH/USD"};
  scene.book_depths = {10, 25};
  scene.until = trades_up_to(10);
  const Outcome outcome = play(std::move(scene));
  REQUIRE(intents.size() == 3);
  CHECK(contains(intents[1] + intents[2], R"("symbol":["BTC/USD"],"depth":10)"));
  CHECK(contains(intents[1] + intents[2], R"("symbol":["ETH/USD"],"depth":25)"));
  REQUIRE_FALSE(outcome.markets.front().books.empty());
  CHECK(outcome.markets.front().books.front().ranks[0].bid.price == *Price::parse("120"));
  CHECK(outcome.mismatches == 0);
}

}  // namespace candled::ingest
