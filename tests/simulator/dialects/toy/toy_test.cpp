// A second exchange behind the walls: its folder, one line in a table, and everything else as it is.
#include <thread>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include "simulator/dialects/toy/toy.hpp"
#include "simulator/fake_stage.hpp"
#include "simulator/network.hpp"

using namespace candled;
using namespace candled::simulator;

namespace {

constexpr std::array table{
    dialects[0],
    DialectEntry{"toy", toy::make_dialect},
};

LocalExchangeSettings toy_markets(double speed, std::int64_t trades = 500) {
  LocalExchangeSettings settings = two_markets(speed, trades);
  settings.exchange = "toy";
  return settings;
}

std::int64_t count(const Stage& stage, std::string_view front) {
  return std::count_if(stage.link.frames.begin(), stage.link.frames.end(),
                       [&](const std::string& f) { return f.starts_with(front); });
}

// Ids that such frames tell, which are their third word.
std::vector<std::int64_t> ids_of(const Stage& stage, const std::string& front) {
  std::vector<std::int64_t> ids;
  for (const std::string& frame : stage.link.frames) {
    if (frame.starts_with(front)) ids.push_back(std::stoll(frame.substr(front.size())));
  }
  return ids;
}

void pass(Stage& stage, int seconds) {
  for (int i = 0; i < seconds; ++i) {
    stage.wall = stage.wall + Duration::seconds(1);
    stage.exchange.tick(stage.wall);
    stage.run();
  }
}

}  // namespace

TEST_CASE("dialects: a name that is in no line is refused with those that are") {
  CHECK(make_dialect(dialects, "kraken", 1).has_value());
  const auto refused = make_dialect(dialects, "toy", 1);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == "the simulator does not speak for 'toy'; it does for kraken");
  LocalExchangeSettings settings = two_markets(1);
  settings.exchange = "mtgox";
  CHECK(LocalExchange::open(settings).error().message.find("'mtgox'") != std::string::npos);
  CHECK(exchange_names() == std::vector<std::string>{"kraken"});
}

TEST_CASE("a second dialect: one cumulative answer, refusals by market, the last trade first, one frame a trade") {
  LocalExchangeSettings settings = toy_markets(0);
  settings.history = Duration::minutes(1);
  Stage stage(settings, table);
  CHECK(stage.link.frames.empty());  // it has no status
  stage.ask("follow btcusd.trades ethusd.beat nope.trades");
  CHECK(count(stage, "btcusd last ") == 1);
  CHECK(count(stage, "no 3 nope") == 1);
  CHECK(stage.link.frames.back() == "following btcusd.trades ethusd.beat");
  CHECK(stage.ask("follow btcusd.trades ethusd.trades").starts_with("ethusd last "));
  CHECK(stage.link.frames.back() == "following btcusd.trades ethusd.trades ethusd.beat");
  CHECK(stage.ask("follow btcusd.weather") == "no 1 ");
  stage.wall = stage.wall + Duration::seconds(1);
  CHECK(stage.ask("leave btcusd.trades") == "following ethusd.trades ethusd.beat");
  stage.run();
  CHECK(ids_of(stage, "btcusd trade ").empty());
  const std::int64_t first = ids_of(stage, "ethusd last ").front() + 1;
  CHECK(ids_of(stage, "ethusd trade ") == from_to(first, 500));
  CHECK(stage.exchange.statistics().frames_sent == 501 - first);
}

TEST_CASE(
    "a second dialect: a URL that subscribes, styles of frames, and trades that a fault keeps back show in the "
    "heartbeat") {
  Stage stage(toy_markets(0), table);
  stage.connect("/feed/btcusd.trades/btcusd.beat?wrapped");
  CHECK_FALSE(stage.exchange.dialect().open(parse_target("/v2")).has_value());
  stage.fault("drop?trades=500&symbol=BTC/USD");
  stage.run();
  pass(stage, 1);
  CHECK(count(stage, "feed btcusd trade ") == 0);
  CHECK(stage.link.frames.back() == "feed btcusd beat 500");
  stage.fault("repeat?trades=2&symbol=BTC/USD");
  CHECK(ids_of(stage, "feed btcusd trade ") == std::vector<std::int64_t>{499, 500});
  stage.connect();
  stage.ask("follow btcusd.trades");
  CHECK(stage.ask("wrap") == "feed following btcusd.trades");
}

TEST_CASE("a second dialect: books are numbered without gaps, and levels that leave are told") {
  Stage stage(toy_markets(0), table);
  stage.ask("follow btcusd.book btcusd.trades");
  stage.fault("book_checksum?at_trade=200");
  stage.run();
  std::int64_t until = -1, gaps = 0;
  std::map<std::string, std::string> levels;
  for (const std::string& frame : stage.link.frames) {
    if (!frame.starts_with("btcusd book ")) continue;
    const std::int64_t from = std::stoll(frame.substr(12));
    gaps += until >= 0 && from != until + 1 ? 1 : 0;
    until = std::stoll(frame.substr(frame.find("..") + 2));
    for (std::size_t at = frame.find(' ', 12); at != std::string::npos; at = frame.find(' ', at + 1)) {
      const std::string level = frame.substr(at + 1, frame.find(' ', at + 1) - at - 1);
      const std::size_t equals = level.find('=');
      if (level.substr(equals + 1) == "0") {
        CHECK(levels.erase(level.substr(0, equals)) == 1);
      } else {
        levels[level.substr(0, equals)] = level;
      }
    }
  }
  CHECK(until == 500);
  CHECK(gaps == 1);
  CHECK(levels.size() == 40);  // nothing stays behind on a client that cuts nothing
}

TEST_CASE(
    "a second dialect: its own limits: a deadline to subscribe, pings and pongs, and a close instead of an error") {
  Stage stage(toy_markets(1), table);
  pass(stage, 6);
  CHECK(stage.link.closed_with == 1000);
  stage.connect("/feed/btcusd.trades");
  pass(stage, 70);
  CHECK(stage.link.pings == 3);
  stage.session->receive_pong();
  pass(stage, 69);
  CHECK(stage.link.closed_with == 0);
  pass(stage, 10);
  CHECK(stage.link.closed_with == 1008);
  stage.connect();
  for (int i = 0; i < 5; ++i) stage.ask("follow btcusd.trades");
  CHECK(stage.link.closed_with == 0);
  stage.ask("follow btcusd.trades");
  CHECK(stage.link.closed_with == 1008);
  stage.connect();
  stage.fault("message_rate");
  CHECK(stage.link.closed_with == 1008);
  stage.connect();
  stage.fault("bad_frame?frame=not_json");
  CHECK(stage.link.frames.back() == "btcusd not_json");
  stage.fault("maintenance");
  CHECK(stage.link.frames.back() == "bye");
  CHECK(stage.link.closed_with == 1001);
}

TEST_CASE("a second dialect: REST that pages by id, with headers, weights and faults") {
  LocalExchangeSettings settings = toy_markets(0);
  settings.limits = {};
  settings.history = Duration::minutes(10);
  Stage stage(settings, table);
  const auto answer = [&](const char* target) { return answer_rest(stage.exchange, target, "a", stage.wall); };
  const HttpAnswer page = answer("/trades/btcusd?below=40&limit=3");
  CHECK(page.body == "39 38 37");
  using Headers = std::vector<std::pair<std::string, std::string>>;
  CHECK(page.headers == Headers{{"Used", "2"}, {"Older", "37"}});
  stage.fault("rest_short?amount=2&requests=1");
  CHECK(answer("/trades/btcusd?below=40").body == "39 38");
  const HttpAnswer limited = answer("/trades/btcusd");  // each call takes two of four
  CHECK(limited.status == 429);
  CHECK(limited.headers == Headers{{"Retry-After", "3"}});
  CHECK(answer("/0/public/Time").status == 404);
  stage.fault("rest_error?requests=1");
  CHECK(answer("/trades/btcusd").body == "broken");
}

TEST_CASE("a second dialect: over real sockets, with pings") {
  Exchange exchange = exchange_of(toy_markets(0), table);
  const std::unique_ptr<Server> server = Server::open(exchange).value();
  std::thread thread([&] { server->run(); });
  boost::asio::io_context context;
  boost::beast::websocket::stream<boost::beast::tcp_stream> socket(context);
  socket.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), server->port()});
  socket.handshake("localhost", "/feed/ethusd.trades");
  std::string frame;
  while (!frame.starts_with("ethusd trade 500 ")) {
    boost::beast::flat_buffer buffer;
    socket.read(buffer);
    frame = boost::beast::buffers_to_string(buffer.data());
  }
  server->stop();
  thread.join();
  CHECK(exchange.statistics().trades_sent == 500);
}
