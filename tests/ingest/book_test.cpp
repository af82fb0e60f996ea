// Order books on the wire: frames to entries, the checksum, and what one market's book does when messages are right or wrong.
#include <catch2/catch.hpp>

#include <simdjson.h>

#include <sstream>

#include "candled/flow/channel.hpp"
#include "candled/net/real_world.hpp"
#include "feed_scene.hpp"
#include "ingest/exchanges/kraken/book_checksum.hpp"
#include "ingest/market_book.hpp"

namespace candled::ingest {
namespace {

const std::vector<std::string> symbols = {"ETH/USD", "BTC/USD", "MATIC/USD"};

Frame parse(std::string_view text) {
  const auto kraken = kraken_for(symbols);
  Frame frame;
  kraken->read(PaddedCopy(text).text(), frame);
  return frame;
}

std::string shown(const Frame& frame) {
  std::string text;
  for (const StreamBook& book : frame.books) {
    text += fmt::format("{}{}", book.market, book.snapshot ? " snapshot" : "");
    for (const BookEntry& entry : std::span(frame.book_entries).subspan(book.first, book.count)) {
      text += fmt::format(" {}{}x{}", entry.side == BookSide::bid ? 'b' : 'a', entry.level.price.to_text(),
                          entry.level.quantity.to_text());
    }
    if (book.checksum) text += fmt::format(" #{}", *book.checksum);
    if (book.time) text += " " + to_iso8601(*book.time);
    text += fmt::format(" {}.{}{}; ", book.printed.price, book.printed.quantity, book.readable ? "" : " unreadable");
  }
  for (const SubscriptionReply& reply : frame.replies) {
    text += fmt::format("{}{} '{}' '{}'; ", reply.book ? "book " : "", reply.accepted ? "accepted" : "refused",
                        reply.symbol, reply.text);
  }
  if (frame.bad > 0) text += fmt::format("{} bad: {}; ", frame.bad, frame.problem);
  return text;
}

void check(const std::string& text, const std::string& expected) {
  INFO(text);
  CHECK(shown(parse(text)) == expected);
}

std::string update(const std::string& inside, const char* type = "update") {
  return fmt::format(R"({{"channel":"book","type":"{}","data":[{{"symbol":"BTC/USD",{}}}]}})", type, inside);
}

// The vector of exchanges.md: ten levels a side, from the best outward.
const std::vector<std::pair<std::string, std::string>> vector_asks = {
    {"0.5668", "4410.79769741"},  {"0.5669", "4655.40412487"},  {"0.5670", "49844.89424998"},
    {"0.5671", "24306.41678000"}, {"0.5672", "29783.25223475"}, {"0.5673", "57234.71239278"},
    {"0.5674", "45065.04744000"}, {"0.5675", "5912.76380354"},  {"0.5676", "42514.92434778"},
    {"0.5677", "36304.08470220"}};
const std::vector<std::pair<std::string, std::string>> vector_bids = {
    {"0.5666", "4831.75496356"},  {"0.5665", "6658.22734739"},  {"0.5664", "18724.91513344"},
    {"0.5663", "11563.92544914"}, {"0.5662", "14006.65365711"}, {"0.5661", "17454.85679807"},
    {"0.5660", "18097.15470000"}, {"0.5659", "33644.89175666"}, {"0.5658", "148.34640000"},
    {"0.5657", "606.70854372"}};

OrderBook vector_book() {
  OrderBook book(10);
  for (const auto& [price, quantity] : vector_asks)
    book.set(BookSide::ask, *Price::parse(price), *Quantity::parse(quantity));
  for (const auto& [price, quantity] : vector_bids)
    book.set(BookSide::bid, *Price::parse(price), *Quantity::parse(quantity));
  return book;
}

std::string side_text(const std::vector<std::pair<std::string, std::string>>& side) {
  std::string text;
  for (const auto& [price, quantity] : side) {
    text += fmt::format(R"({}{{"price":{},"qty":{}}})", text.empty() ? "" : ",", price, quantity);
  }
  return text;
}

// One market's book with everything around it; frames in, events and statistics out.
struct Desk {
  explicit Desk(std::size_t depth = 10)
      : log({flow::LogLevel::debug, flow::LogFormat::text, log_file}),
        kraken(kraken_for({market.symbol})),
        book(market, depth, kraken->book_check(), outlet, log, statistics) {}
  ~Desk() { std::filesystem::remove(log_file); }

  void ask() { book.asked(now); }
  void hear(const std::string& text) {
    Frame frame;
    kraken->read(PaddedCopy(text).text(), frame);
    for (const StreamBook& message : frame.books) {
      book.take(message, std::span(frame.book_entries).subspan(message.first, message.count), clock,
                Timestamp{INT64_MAX}, now);
    }
  }
  std::vector<BookFacts> facts() {
    std::vector<BookFacts> all;
    outlet.flush();
    while (const std::optional<Event> event = channel.receiver.pop()) {
      REQUIRE(event->kind() == EventKind::book);
      all.push_back(event->book());
    }
    return all;
  }
  int lines(const std::string& part) const {
    std::ifstream file(log_file);
    int count = 0;
    for (std::string line; std::getline(file, line);) count += contains(line, part) ? 1 : 0;
    return count;
  }

  Market market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
  flow::Channel channel = flow::make_channel(4096);
  std::unique_ptr<flow::World> world = net::make_real_world();
  Outlet outlet{channel.sender, *world};
  std::string log_file = scratch("book_log");
  flow::Log log;
  MarketStatistics statistics;
  std::unique_ptr<Exchange> kraken;
  MarketBook book;
  Duration now = Duration::seconds(1000);
  std::optional<Timestamp> clock = test_epoch;
};

std::string stamped(const std::string& sides, Duration behind, const char* type = "update",
                    const std::string& more = "") {
  return update(fmt::format(R"({}{},"timestamp":"{}")", sides, more, to_iso8601(test_epoch + behind)), type);
}
const std::string small_book = R"("bids":[{"price":99.0,"qty":1.00000000}],"asks":[{"price":101.0,"qty":2.00000000}])";

}  // namespace

TEST_CASE("book frames: entries in their order, with what was printed") {
  check(
      update(
          R"("bids":[{"price":62806.9,"qty":0.00000000}],"asks":[],"checksum":2114181697,"timestamp":"2026-08-16T09:00:00.223456Z")"),
      "1 b62806.9x0 #2114181697 2026-08-16T09:00:00.223456000Z 1.8; ");
  check(update(R"("checksum":7,"asks":[{"qty":5.2e-05,"price":1e2},{"price":100.00,"qty":0}],"bids":[])", "snapshot"),
        "1 snapshot a100x0.000052 a100x0 #7 2.6; ");
  check(update(R"("bids":[],"asks":[])"), "1 -1.-1; ");
  check(update(R"("bids":[],"asks":[],"timestamp":"yesterday","later":{"a":[1]})"), "1 -1.-1; ");
  check(R"({"channel":"book","type":"update","data":[]})", "");
  check(R"({"channel":"book","type":"update","data":[{"symbol":"XMR/USD","bids":[{"price":1,"qty":1}],"asks":[]}]})",
        "");
  check(R"({"data":[{"asks":[{"price":2.0,"qty":1}],"bids":[],"symbol":"BTC/USD"}],"type":"update","channel":"book"})",
        "1 a2x1 1.0; ");
}

TEST_CASE("book frames: hostile levels make a book unreadable, never a wrong one") {
  const auto unreadable = [](const std::string& inside, const std::string& problem) {
    const std::string text = shown(parse(update(inside)));
    INFO(inside << "\n" << text);
    CHECK(contains(text, "unreadable"));
    CHECK(contains(text, "1 bad: book with bad " + problem));
  };
  unreadable(R"("bids":[{"price":0,"qty":1}],"asks":[])", "price");
  unreadable(R"("bids":[{"price":-1.5,"qty":1}],"asks":[])", "price");
  unreadable(R"("bids":[{"price":"high","qty":1}],"asks":[])", "price");
  unreadable(R"("bids":[{"price":1e300,"qty":1}],"asks":[])", "price");
  unreadable(R"("bids":[{"qty":1}],"asks":[])", "price");
  unreadable(R"("bids":[{"price":1,"qty":-1}],"asks":[])", "qty");
  unreadable(R"("bids":[{"price":1,"qty":null}],"asks":[])", "qty");
  unreadable(R"("bids":[{"price":1}],"asks":[])", "qty");
  unreadable(R"("bids":[7],"asks":[])", "level that is no object");
  unreadable(R"("bids":{},"asks":[])", "side that is no list");
  unreadable(R"("bids":[],"asks":[],"checksum":-1)", "checksum");
  unreadable(R"("bids":[],"asks":[],"checksum":4294967296)", "checksum");
  std::string many;
  for (int i = 1; i <= 10'000; ++i) many += fmt::format(R"({}{{"price":{},"qty":1}})", i == 1 ? "" : ",", i);
  unreadable(R"("asks":[)" + many + R"(],"bids":[])", "number of levels");
  check(update(R"("bids":[{"price":1,)"), "1 bad: " + parse(update(R"("bids":[{"price":1,)")).problem + "; ");
}

TEST_CASE("book frames: replies say whether they are about a book") {
  check(
      R"({"method":"subscribe","result":{"channel":"book","depth":10,"snapshot":true,"symbol":"BTC/USD"},"success":true})",
      "");  // the snapshot that follows says more
  check(R"({"error":"Subscription depth not supported","method":"subscribe","success":false,"req_id":12})",
        "book refused '' 'Subscription depth not supported'; ");
  check(R"({"error":"Currency pair not supported X","method":"subscribe","success":false,"symbol":"X","req_id":3})",
        "book refused 'X' 'Currency pair not supported X'; ");
  check(R"({"error":"Currency pair not supported X","method":"subscribe","success":false,"symbol":"X","req_id":1})",
        "refused 'X' 'Currency pair not supported X'; ");
  check(R"({"method":"unsubscribe","result":{"channel":"book","depth":10,"symbol":"BTC/USD"},"success":true})", "");
  const auto kraken = kraken_for(symbols);
  CHECK(
      kraken->subscribe_books({"BTC/USD", "ETH/USD"}, 25).front().text ==
      R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD","ETH/USD"],"depth":25,"snapshot":true},"req_id":3})");
  CHECK(kraken->unsubscribe_books({"BTC/USD"}, 10).front().text ==
        R"({"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10},"req_id":3})");
}

TEST_CASE("book checksum: the published vector") {
  CHECK(crc32("") == 0);
  CHECK(crc32("123456789") == 0xCBF43926);
  OrderBook book = vector_book();
  BookChecksum checksum;
  CHECK(checksum.of(book, {4, 8}) == 2439117997);
  book.set(BookSide::bid, *Price::parse("0.5657"), *Quantity::parse("1098.39475580"));
  CHECK(checksum.of(book, {4, 8}) == 2114181697);
  CHECK(checksum.of(book, {5, 8}) != 2114181697);
  CHECK(checksum.of(book, {4, 8}) == 2114181697);  // what is kept of one precision is not used for another
  CHECK_FALSE(checksum.of(book, {3, 8}).has_value());
  CHECK_FALSE(checksum.of(book, {4, 7}).has_value());
  CHECK_FALSE(checksum.of(book, {-1, -1}).has_value());
  CHECK(checksum.of(OrderBook(10), {4, 8}) == 0);
}

TEST_CASE("book checksum: levels of any size") {
  OrderBook book(10);
  book.set(BookSide::ask, *Price::parse("0.000000001234"), *Quantity::parse("1523456789012.12345"));
  book.set(BookSide::bid, *Price::parse("0.00000000123"), *Quantity::parse("0.5"));
  BookChecksum checksum;
  CHECK(checksum.of(book, {12, 5}) == crc32("1234152345678901212345123050000"));
  CHECK(checksum.of(book, {13, 8}) == crc32("12340152345678901212345000"
                                            "1230050000000"));
  CHECK_FALSE(checksum.of(book, {11, 5}).has_value());
  CHECK_FALSE(checksum.of(book, {12, 4}).has_value());
  book.clear();
  book.set(BookSide::ask, *Price::parse("5000000000.25"), *Quantity::parse("3"));
  CHECK(checksum.of(book, {2, 8}) == crc32("500000000025300000000"));
}

TEST_CASE("market book: the digits of the checksum come from the wire or from the exchange's list") {
  const std::string asks = R"("asks":[)" + side_text(vector_asks) + "]",
                    bids = R"("bids":[)" + side_text(vector_bids) + "]";
  Desk desk;
  desk.ask();
  desk.hear(update(asks + "," + bids + R"(,"checksum":2439117997)", "snapshot"));
  CHECK(desk.statistics.book_valid.value() == 1);
  desk.hear(update(R"("bids":[{"price":0.5657,"qty":1.0983947558e3}],"asks":[],"checksum":2114181697)"));
  CHECK(desk.statistics.book_valid.value() == 1);
  CHECK(desk.statistics.book_mismatches.value() == 0);

  // Printed without trailing zeros, so that only the list knows the digits.
  std::string bare = asks + "," + bids;
  for (std::size_t at = 0; (at = bare.find("0}", at)) != std::string::npos;)
    bare.erase(at, 1), at = at > 0 ? at - 1 : 0;
  bare.replace(bare.find("0.5670"), 6, "0.567");
  bare.replace(bare.find("0.5660"), 6, "0.566");
  Desk unlisted, listed;
  const std::string frame = update(bare + R"(,"checksum":2439117997)", "snapshot");
  unlisted.ask();
  unlisted.hear(frame);
  CHECK(unlisted.statistics.book_valid.value() == 1);  // the other numbers show the digits
  listed.book.set_precision({4, 8});
  listed.ask();
  listed.hear(frame);
  CHECK(listed.statistics.book_valid.value() == 1);
  listed.book.disconnected();
  CHECK(listed.statistics.book_valid.value() == 0);
}

TEST_CASE("market book: every checksum of the recorded book fits") {
  const auto file = recorded("frames/kraken-v2/kraken_btcusd_d10_20260816.first64lines.ndjson");
  if (!file) {
    WARN("no recorded book: ../shared/data/frames/kraken-v2 is absent");
    return;
  }
  Desk desk;
  desk.clock.reset();
  desk.ask();
  std::istringstream lines(*file);
  int books = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(R"("frame": )");
    if (at == std::string::npos || !contains(line, R"("channel":"book","type")")) continue;
    desk.hear(line.substr(at + 9, line.size() - at - 10));
    ++books;
    CHECK(desk.statistics.book_valid.value() == 1);
  }
  CHECK(books == 54);
  CHECK(desk.statistics.book_updates.value() == 54);
  CHECK(desk.statistics.book_mismatches.value() == 0);
  desk.book.reach(*parse_rfc3339("2026-08-16T23:38:00Z"));
  const auto facts = desk.facts();
  REQUIRE(facts.size() == 1);
  CHECK(to_iso8601(facts[0].open_time) == "2026-08-16T23:37:00Z");
  CHECK(facts[0].updates == 53);
  CHECK(book_spread(facts[0]) > 0);
  CHECK(book_spread(facts[0]) < 1e-4);
}

TEST_CASE("market book: facts come with the clock, whatever moves it") {
  Desk desk;
  desk.ask();
  desk.hear(stamped(small_book, Duration::seconds(10), "snapshot"));
  desk.hear(stamped(R"("bids":[{"price":99.0,"qty":3.00000000}],"asks":[])", Duration::seconds(59)));
  CHECK(desk.facts().empty());
  desk.hear(
      stamped(R"("bids":[{"price":99.0,"qty":9.00000000}],"asks":[])", Duration::seconds(60)));  // of the next minute
  const auto first = desk.facts();
  REQUIRE(first.size() == 1);
  CHECK(first[0].open_time == test_epoch);
  CHECK(first[0].ranks[0].bid.quantity == *Quantity::parse("3"));
  CHECK(first[0].ranks[0].order_flow == Approx(2));
  CHECK_FALSE(first[0].whole);
  desk.book.reach(test_epoch + Duration::seconds(119));
  CHECK(desk.facts().empty());
  desk.book.reach(test_epoch + Duration::seconds(120));  // a trade or a watermark
  const auto second = desk.facts();
  REQUIRE(second.size() == 1);
  CHECK(second[0].whole);
  CHECK(second[0].updates == 1);
  CHECK(second[0].ranks[0].bid.quantity == *Quantity::parse("9"));
}

TEST_CASE("market book: a message without a stamp counts by the clock, one from the future is not believed") {
  Desk desk;
  desk.ask();
  desk.clock.reset();
  desk.hear(update(small_book, "snapshot"));  // no time is known at all yet
  desk.clock = test_epoch + Duration::seconds(5);
  desk.hear(update(R"("bids":[],"asks":[{"price":101.0,"qty":3.00000000}])"));
  desk.clock = test_epoch + Duration::seconds(61);
  desk.hear(update(R"("bids":[],"asks":[{"price":101.0,"qty":4.00000000}])"));
  const auto facts = desk.facts();
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].ranks[0].ask.quantity == *Quantity::parse("3"));
  Frame frame = parse(update(R"("bids":[],"asks":[],"timestamp":"2199-01-01T00:00:00Z")"));
  desk.book.take(frame.books.front(), {}, desk.clock, test_epoch + Duration::hours(1), desk.now);
  CHECK(desk.facts().empty());
  CHECK(desk.statistics.book_valid.value() == 1);
}

TEST_CASE("market book: wrong once, asked for once, and no facts in between") {
  struct Wrong {
    const char* name;
    std::string message;
  };
  for (const Wrong& wrong :
       {Wrong{"checksum",
              stamped(R"("bids":[{"price":99.0,"qty":5.0}],"asks":[],"checksum":1)", Duration::seconds(20))},
        Wrong{"crossed", stamped(R"("bids":[{"price":101.0,"qty":5.0}],"asks":[])", Duration::seconds(20))},
        Wrong{"unreadable", stamped(R"("bids":[{"price":-99.0,"qty":5.0}],"asks":[])", Duration::seconds(20))}}) {
    INFO(wrong.name);
    Desk desk;
    desk.ask();
    desk.hear(stamped(small_book, Duration{}, "snapshot"));
    CHECK_FALSE(desk.book.resync_due(desk.now));
    for (int i = 0; i < 50; ++i) desk.hear(wrong.message);
    CHECK(desk.statistics.book_mismatches.value() == 1);
    CHECK(desk.lines("order book broken") == 1);
    CHECK(desk.book.resync_due(desk.now));
    desk.book.resynced(desk.now);
    CHECK_FALSE(desk.book.resync_due(desk.now));
    desk.hear(wrong.message);  // still from before the new subscription
    desk.book.reach(test_epoch + Duration::seconds(60));
    CHECK(desk.facts().empty());
    desk.hear(stamped(small_book, Duration::seconds(61), "snapshot"));
    CHECK(desk.statistics.book_valid.value() == 1);
    desk.book.reach(test_epoch + Duration::seconds(120));
    const auto facts = desk.facts();
    REQUIRE(facts.size() == 1);
    CHECK_FALSE(facts[0].whole);
  }
}

TEST_CASE("market book: an exchange whose checksums never fit is asked ever less often") {
  Desk desk;
  desk.ask();
  int asked = 0;
  for (int second = 0; second < 3600; ++second, desk.now = desk.now + Duration::seconds(1)) {
    desk.hear(stamped(small_book, Duration::seconds(second), "snapshot", R"(,"checksum":1)"));
    if (!desk.book.resync_due(desk.now)) continue;
    desk.book.resynced(desk.now);
    ++asked;
  }
  CHECK(asked >= 10);
  CHECK(asked <= 20);
  CHECK(desk.facts().empty());
}

TEST_CASE("market book: a snapshot that never comes is said once and given up") {
  Desk desk;
  desk.ask();
  desk.hear(stamped(R"("bids":[],"asks":[])", Duration{}));  // an update without a snapshot says nothing
  desk.book.tend(desk.now + Duration::seconds(9));
  CHECK(desk.book.is_waiting());
  desk.book.tend(desk.now + Duration::seconds(11));
  CHECK_FALSE(desk.book.is_waiting());
  CHECK(desk.lines("no order book") == 1);
  desk.hear(stamped(small_book, Duration{}, "snapshot"));
  CHECK(desk.statistics.book_valid.value() == 0);
  desk.book.disconnected();
  CHECK(desk.book.to_be_asked());
  desk.ask();
  desk.book.refuse("Subscription depth not supported");
  CHECK(desk.lines("no order book") == 1);
}

}  // namespace candled::ingest
