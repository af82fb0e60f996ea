// Every text that the Kraken dialect writes, held against golden.txt to the byte. A line that differs is a change of the protocol as we
// speak it: look it up in the protocol before golden.txt is changed.
#include "simulator/fake_stage.hpp"

#include <fstream>

#include <fmt/format.h>

using namespace candled;
using namespace candled::simulator;

namespace {

std::uint64_t fnv(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

// What is asked (<) and what comes (>), in order. Long frames are told by their size and a hash of their bytes.
class Transcript {
 public:
  explicit Transcript(LocalExchangeSettings settings) : stage_(std::move(settings)) { hear(); }

  void title(std::string_view text) { lines_.push_back("# " + std::string(text)); }
  void ask(const std::string& message) {
    lines_.push_back("< " + message);
    stage_.ask(message);
    hear();
  }
  void fault(const std::string& text) {
    lines_.push_back("! " + text);
    stage_.fault(text.c_str());
    hear();
  }
  void pass(Duration wall) {
    stage_.wall = stage_.wall + wall;
    stage_.exchange.tick(stage_.wall);
    stage_.run();
    hear();
  }
  void reconnect() {
    stage_.connect();
    heard_ = 0;
    hear();
  }
  void rest(const std::string& target, const std::string& address = "127.0.0.1") {
    const HttpAnswer answer = answer_rest(stage_.exchange, target, address, stage_.wall);
    lines_.push_back("GET " + target);
    add("= " + std::to_string(answer.status) + " " + answer.content_type + " ", answer.body);
    if (answer.delay.ns != 0) lines_.push_back("= after " + std::to_string(answer.delay.ns) + " ns");
    if (answer.reset) lines_.push_back("= reset");
  }
  void upgrade(const std::string& target) {
    const UpgradeAnswer answer = answer_upgrade(stage_.exchange, target, "127.0.0.1", stage_.wall);
    lines_.push_back("UPGRADE " + target + " = " + (answer.reset ? "reset" : std::to_string(answer.refuse_with)));
  }
  void status() {
    add("STATUS ", answer_operator(stage_.exchange, false, "/simulator/status", stage_.wall).answer.body);
    if (!lines_.back().empty() && lines_.back().back() == '\n') lines_.back().pop_back();
  }
  const std::vector<std::string>& lines() const { return lines_; }
  Stage& stage() { return stage_; }

 private:
  static constexpr std::size_t whole_bytes_max = 600;

  void add(std::string line, const std::string& text) {
    if (text.size() <= whole_bytes_max) {
      lines_.push_back(line + text);
      return;
    }
    lines_.push_back(line + text.substr(0, 200) + " ... " + std::to_string(text.size()) + " bytes, " +
                     std::to_string(fnv(0xcbf29ce484222325ULL, text)));
  }
  void hear() {
    for (; heard_ < stage_.link.frames.size(); ++heard_) add("> ", stage_.link.frames[heard_]);
    if (stage_.link.was_cut) lines_.push_back("> cut");
    if (stage_.link.closed_with != 0) lines_.push_back("> close " + std::to_string(stage_.link.closed_with));
  }

  Stage stage_;
  std::size_t heard_ = 0;
  std::vector<std::string> lines_;
};

void append(std::vector<std::string>& lines, const Transcript& transcript) {
  lines.insert(lines.end(), transcript.lines().begin(), transcript.lines().end());
}

LocalExchangeSettings scene(double speed, std::int64_t trades) {
  LocalExchangeSettings settings = two_markets(speed, trades);
  settings.markets.push_back({"DOGE/USD", SyntheticMarket{.seed = 3, .first_id = 1, .trades_max = trades}});
  settings.markets.push_back({"NEW/COIN", SyntheticMarket{.seed = 4, .trades_max = trades}});
  settings.history = Duration::minutes(3);
  return settings;
}

void requests(std::vector<std::string>& lines) {
  Transcript t(scene(1, 3000));
  t.title("requests");
  for (
      const char* message :
      {R"({"method":"ping"})",
       R"({"method":"ping","req_id":-101})",
       R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","XBT/EUR","NEW/COIN","A\"\\B"],"snapshot":true},"req_id":11})",
       R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","ETH/USD"]},"req_id":12})",
       R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD","DOGE/USD","NO/PE"]},"req_id":13})",
       R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":25}})",
       R"({"method":"subscribe","params":{"channel":"book","symbol":["ETH/USD"],"depth":25,"snapshot":false}})",
       R"({"method":"subscribe","params":{"channel":"book","symbol":["NEW/COIN"],"depth":11},"req_id":14})",
       R"({"method":"subscribe","params":{"channel":"book","depth":11},"req_id":14})",
       R"({"method":"subscribe","params":{"channel":"trade"},"req_id":15})",
       R"({"method":"unsubscribe","params":{"channel":"trade"}})",
       R"({"method":"subscribe","params":{"channel":"ohlc","symbol":["BTC/USD"]},"req_id":16})",
       R"({"method":"unsubscribe","params":{"channel":"ohlc","symbol":["BTC/USD"]},"req_id":17})",
       R"({"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD","NO/PE"],"depth":25},"req_id":18})",
       R"({"method":"unsubscribe","params":{"channel":"book","symbol":["ETH/USD"],"depth":25},"req_id":19})",
       R"({"method":"unsubscribe","params":{"channel":"book","symbol":["BTC/USD"]},"req_id":20})",
       R"({"method":"unsubscribe","params":{"channel":"trade","symbol":["BTC/USD","BTC/USD","NO/PE"]},"req_id":21})",
       "",
       "{",
       "[]",
       R"({"method":"dance","req_id":5})",
       R"({"method":"subscribe","req_id":6})",
       R"({"method":"ping","req_id":"x"})",
       R"({"method":"unsubscribe","params":{"symbol":["BTC/USD"]},"req_id":7})",
       R"({"method":"subscribe","params":{"channel":"trade","symbol":"BTC/USD"}})",
       R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD"],"snapshot":1}})",
       R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":"10"}})"}) {
    t.ask(message);
    t.pass(Duration::milliseconds(150));
  }
  for (int i = 0; i < 60; ++i) t.stage().ask(R"({"method":"ping","req_id":1})");
  t.title("too many messages");
  t.ask(R"({"method":"ping","req_id":2})");
  t.ask(R"({"method":"unsubscribe","params":{"channel":"trade","symbol":["ETH/USD"]},"req_id":3})");
  append(lines, t);
}

void stream(std::vector<std::string>& lines) {
  Transcript t(scene(30, 200));
  t.title("stream");
  t.ask(R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD","DOGE/USD"],"depth":10}})");
  t.ask(
      R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","DOGE/USD","NEW/COIN"],"snapshot":true}})");
  for (int i = 0; i < 8; ++i) t.pass(Duration::milliseconds(500));
  t.title("faults");
  for (const char* fault :
       {"exponent?trades=3", "drop?trades=5", "repeat?trades=2", "repeat?trades=2&symbol=ETH/USD", "book_checksum",
        "book_drop?trades=2&symbol=BTC/USD", "message_rate", "bad_frame", "bad_frame?frame=wrong_types",
        "bad_frame?frame=unknown_channel", "bad_frame?frame=empty_data", "bad_frame?frame=not_json",
        "bad_frame?frame=huge&amount=3000", "stall_symbol?symbol=BTC/USD&trades=3", "stall?seconds=0.4",
        "book_refused"}) {
    t.fault(fault);
    t.pass(Duration::milliseconds(250));
  }
  t.ask(R"({"method":"subscribe","params":{"channel":"book","symbol":["ETH/USD"],"depth":10},"req_id":22})");
  t.fault("snapshot_descending");
  t.ask(R"({"method":"subscribe","params":{"channel":"trade","symbol":["ETH/USD"],"snapshot":true}})");
  t.fault("maintenance?seconds=2");
  t.rest("/0/public/SystemStatus");
  t.reconnect();
  t.pass(Duration::seconds(3));
  t.reconnect();
  t.fault("cut?seconds=1");
  t.upgrade("/v2");
  t.pass(Duration::seconds(1));
  t.upgrade("/v2");
  t.upgrade("/v2?x=1");
  t.upgrade("/v1");
  t.fault("ban?seconds=1&amount=403");
  t.upgrade("/v2");
  t.status();
  append(lines, t);
}

void rest(std::vector<std::string>& lines) {
  Transcript t(scene(60, 2000));
  t.title("rest");
  t.stage().subscribe();
  t.stage().wall = Duration::seconds(120);
  t.stage().run();
  const History& history = t.stage().exchange.markets()[0].history;
  const std::string middle = std::to_string(history[history.size() / 2].time.ns);
  for (const std::string& call : {std::string("Time"),
                                  std::string("SystemStatus"),
                                  std::string("AssetPairs"),
                                  std::string("AssetPairs?pair=XBTUSD,NEWCOIN"),
                                  std::string("AssetPairs?pair=XBTUSD,NOPE"),
                                  std::string("Trades"),
                                  std::string("Trades?pair=NOPE"),
                                  std::string("Trades?pair=XBTUSD&count=5"),
                                  std::string("Trades?pair=XXBTZUSD&since=0&count=5"),
                                  std::string("Trades?pair=BTC%2FUSD&since=" + middle + "&count=5"),
                                  std::string("Trades?pair=XBT/USD"),
                                  std::string("Trades?pair=XDGUSD&since=1735689600.5&count=3"),
                                  std::string("Trades?pair=NEWCOIN&since=9999999999999999999"),
                                  std::string("Trades?pair=NEWCOIN&since=2000000000"),
                                  std::string("Trades?pair=XBTUSD&since=x"),
                                  std::string("Trades?pair=XBTUSD&count=1001"),
                                  std::string("OHLC"),
                                  std::string("OHLC?pair=XBTUSD"),
                                  std::string("OHLC?pair=XBTUSD&interval=60"),
                                  std::string("OHLC?pair=XDGUSD&interval=5&since=1735690800"),
                                  std::string("OHLC?pair=XBTUSD&interval=2"),
                                  std::string("OHLC?pair=XBTUSD&since=x"),
                                  std::string("Depth?pair=XBTUSD")}) {
    t.rest("/0/public/" + call);
  }
  t.title("rest faults");
  const std::string page = "/0/public/Trades?pair=XBTUSD&count=4&since=" + middle;
  for (const char* fault :
       {"rest_limit?requests=1", "rest_error?requests=1", "rest_error?requests=1&amount=503", "rest_down?requests=1",
        "rest_slow?requests=1", "rest_short?requests=1&amount=2", "rest_wrong_last?requests=1",
        "rest_lag?requests=1&amount=3000", "rest_inclusive?requests=1", "rest_repeat?requests=1"}) {
    t.fault(fault);
    t.rest(page);
    t.rest(page);
  }
  t.status();
  append(lines, t);
}

void limits(std::vector<std::string>& lines) {
  LocalExchangeSettings settings = scene(1, 100);
  settings.limits = {};
  Transcript t(settings);
  t.title("limits");
  for (int i = 0; i < 7; ++i) t.rest("/0/public/Time");
  t.rest("/0/public/Time", "10.0.0.9");
  for (int i = 0; i < 150; ++i) answer_upgrade(t.stage().exchange, "/v2", "127.0.0.1", t.stage().wall);
  t.upgrade("/v2");
  t.pass(Duration::minutes(1));
  append(lines, t);
}

// Many frames, as one hash.
void volume(std::vector<std::string>& lines) {
  for (const char* depth : {"10", "100", "1000"}) {
    Stage stage(scene(0, 1500));
    stage.ask(
        std::string(R"({"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD","ETH/USD"],"depth":)") +
        depth + "}}");
    stage.subscribe(R"("BTC/USD","ETH/USD","NEW/COIN")", true);
    stage.run();
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const std::string& frame : stage.link.frames) hash = fnv(fnv(hash, frame), "\n");
    lines.push_back("# volume, depth " + std::string(depth) + ": " + std::to_string(stage.link.frames.size()) +
                    " frames, " + std::to_string(hash));
  }
}

}  // namespace

TEST_CASE("kraken: every text is the golden one") {
  std::vector<std::string> lines;
  requests(lines);
  stream(lines);
  rest(lines);
  limits(lines);
  volume(lines);
  const std::string path = std::string(CANDLED_SOURCE_DIR) + "/tests/simulator/dialects/kraken/golden.txt";
  std::ifstream file(path);
  std::vector<std::string> golden;
  for (std::string line; std::getline(file, line);) golden.push_back(line);
  std::size_t differing = 0;
  for (std::size_t i = 0; i < std::max(lines.size(), golden.size()) && differing < 5; ++i) {
    const std::string is = i < lines.size() ? lines[i] : "(nothing)", was = i < golden.size() ? golden[i] : "(nothing)";
    if (is == was) continue;
    ++differing;
    UNSCOPED_INFO("line " << i + 1 << "\n  golden: " << was << "\n  now:    " << is);
  }
  if (differing > 0) std::ofstream("golden.now.txt") << fmt::format("{}\n", fmt::join(lines, "\n"));
  CHECK(differing == 0);
}
