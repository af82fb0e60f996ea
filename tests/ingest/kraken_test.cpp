// Kraken's frames and pages: tables of text in, values out; recorded ones where they are there; and mutations of all of them.
#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

Frame parse(std::string_view text, std::vector<std::string> symbols = {"ETH/USD", "BTC/USD"}) {
  const auto kraken = kraken_for(std::move(symbols));
  Frame frame;
  kraken->read(PaddedCopy(text).text(), frame);
  return frame;
}

// A frame as one line that a test can read.
std::string shown(const Frame& frame) {
  std::string text;
  for (const StreamTrade& row : frame.trades) {
    const Trade& t = row.trade;
    text += fmt::format("{}#{} {} {} x {} @ {}{}; ", row.market, t.id, t.side == Side::buy ? "buy" : "sell",
                        t.price.to_text(), t.quantity.to_text(), to_iso8601(t.time),
                        t.order_type == OrderType::limit    ? " limit"
                        : t.order_type == OrderType::market ? " market"
                                                            : "");
  }
  if (frame.snapshot) text += "snapshot; ";
  for (const SubscriptionReply& reply : frame.replies) {
    text += fmt::format("{} '{}' '{}'{}; ", reply.accepted ? "accepted" : "refused", reply.symbol, reply.text,
                        !reply.accepted && reply.permanent ? " for good" : "");
  }
  if (frame.system) text += "system " + frame.system_text + "; ";
  if (frame.bad > 0) text += fmt::format("{} bad: {}; ", frame.bad, frame.problem);
  return text;
}

void check(std::string_view text, const std::string& expected) {
  INFO(text);
  CHECK(shown(parse(text)) == expected);
}

const std::string good_row =
    R"({"symbol":"BTC/USD","side":"sell","price":62807.0,"qty":0.00022946,"ord_type":"market",)"
    R"("trade_id":72823289,"timestamp":"2024-08-12T19:38:30.575191Z"})";
const std::string good_shown = "1#72823289 sell 62807 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z market; ";

std::string update(const std::string& rows) { return R"({"channel":"trade","type":"update","data":[)" + rows + "]}"; }

std::string with(const std::string& what, const std::string& by) {
  std::string row = good_row;
  return row.replace(row.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("kraken: trade frames") {
  check(update(good_row), good_shown);
  check(update(good_row + " , " + good_row), good_shown + good_shown);
  check(R"({"data":[)" + good_row + R"(],"extra":{"a":[1,{}]},"type":"snapshot","channel":"trade"})",
        good_shown + "snapshot; ");
  check(update(""), "");
  check(R"({"channel":"trade","type":"snapshot","data":[]})", "snapshot; ");
  check(update(with("BTC/USD", "XMR/USD")), "");  // not ours
  check(update(with("BTC/USD", "ETH/USD")),
        "0#72823289 sell 62807 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z market; ");
  check(update(with("62807.0", "6.28070e4")), good_shown);
  check(update(with("0.00022946", "1e-05")),
        "1#72823289 sell 62807 x 0.00001 @ 2024-08-12T19:38:30.575191000Z market; ");
  check(update(with("0.00022946", "1523456789012.12345")),
        "1#72823289 sell 62807 x 1523456789012.12345 @ 2024-08-12T19:38:30.575191000Z market; ");
  check(update(with("62807.0", "1.234e-12")),
        "1#72823289 sell 0.000000000001234 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z market; ");
  check(update(with("62807.0", "9999999999.25")),
        "1#72823289 sell 9999999999.25 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z market; ");
  check(update(with("72823289", "123456789012345678")),
        "1#123456789012345678 sell 62807 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z market; ");
  check(update(with("2024-08-12T19:38:30.575191Z", "2024-08-12T19:38:30Z")),
        "1#72823289 sell 62807 x 0.00022946 @ 2024-08-12T19:38:30Z market; ");
  check(update(with("\"ord_type\":\"market\",", "\"future\":[{}],")),
        "1#72823289 sell 62807 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z; ");
}

TEST_CASE("kraken: a bad row does not cost the good rows of its frame") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {with("62807.0", "0.0"), "price"},
      {with("62807.0", "-1"), "price"},
      {with("62807.0", "\"high\""), "price"},
      {with("62807.0", "{\"a\":1}"), "price"},
      {with("62807.0", "[62807.0]"), "price"},
      {with("62807.0", "null"), "price"},
      {with("62807.0", "1e300"), "price"},
      {with("0.00022946", "0"), "qty"},
      {with("0.00022946", "true"), "qty"},
      {with("\"sell\"", "\"short\""), "side"},
      {with("\"sell\"", "7"), "side"},
      {with("72823289", "\"abc\""), "trade_id"},
      {with("72823289", "-5"), "trade_id"},
      {with("72823289", "1.5"), "trade_id"},
      {with("72823289", "99999999999999999999"), "trade_id"},
      {with("2024-08-12", "1970-01-01"), "timestamp"},
      {with("2024-08-12", "9024-08-12"), "timestamp"},
      {with("\"2024-08-12T19:38:30.575191Z\"", "12"), "timestamp"},
      {with("\"qty\":0.00022946,", ""), "a field that is missing"},
      {with("\"symbol\":\"BTC/USD\",", ""), "a field that is missing"},
      {with("\"BTC/USD\"", "{}"), "a field that is missing"},
  };
  for (const auto& [row, field] : table) {
    check(update(good_row + "," + row + "," + good_row),
          good_shown + good_shown + "1 bad: trade with bad " + field + "; ");
  }
  check(update("7," + good_row + ",[]"), good_shown + "2 bad: a trade that is not an object; ");
}

TEST_CASE("kraken: frames that cannot be read are counted and nothing of them is believed") {
  const std::string whole = update(good_row + "," + good_row);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Frame frame = parse(std::string_view(whole).substr(0, length));
    INFO(length);
    CHECK(frame.bad == 1);
    CHECK(frame.trades.empty());
  }
  for (const char* text :
       {"[]", "7", "null", "\"x\"", "{\"channel\":7}", "{\"channel\":\"trade\",\"data\":{}}", "{\"channel\":\"trade\"}",
        "<html>busy</html>", "\xff\xfe", "{\"channel\":\"trade\",\"data\":[}"}) {
    INFO(text);
    CHECK(parse(text).bad == 1);
  }
}

TEST_CASE("kraken: the other frames") {
  check(R"({"channel":"heartbeat"})", "");
  check(R"({"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":1e-05}]})", "");
  check(R"({"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2",)"
        R"("connection_id":15113583034416118705}]})",
        "system online; ");
  check(R"({"channel":"status","type":"update","data":[{"system":"maintenance"}]})", "system maintenance; ");
  check(R"({"method":"pong","req_id":101,"time_in":"x","time_out":"y"})", "");
  check(
      R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":"BTC/USD"},"success":true,"req_id":1})",
      "accepted 'BTC/USD' ''; ");
  check(R"({"method":"subscribe","result":{"channel":"book","depth":10,"symbol":"BTC/USD"},"success":true})", "");
  check(R"({"error":"Currency pair not supported XBT/USD","method":"subscribe","success":false,"symbol":"XBT/USD"})",
        "refused 'XBT/USD' 'Currency pair not supported XBT/USD' for good; ");
  check(R"({"error":"Exceeded msg rate","method":"subscribe","success":false})", "refused '' 'Exceeded msg rate'; ");
  check(R"({"error":"Already subscribed","method":"subscribe","success":false,"symbol":"BTC/USD"})",
        "accepted 'BTC/USD' 'Already subscribed'; ");
  check(R"({"method":"subscribe","success":"yes"})", "1 bad: The JSON element does not have the requested type.; ");
  check("{}", "");
}

TEST_CASE("kraken: pages of trades") {
  const auto kraken = kraken_for({"BTC/USD"});
  TradesPage page;
  const auto body = [](const std::string& rows, const std::string& last) {
    return R"({"error":[],"result":{"XXBTZUSD":[)" + rows + R"(],"last":)" + last + "}}";
  };
  const std::string row = R"(["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952])";
  REQUIRE(kraken->read_trades(PaddedCopy(body(row, "\"1688669598280411123\"")).text(), page));
  REQUIRE(page.trades.size() == 1);
  const Trade& trade = page.trades.front();
  CHECK(trade.id == 61044952);
  CHECK(trade.price.to_text() == "30243.4");
  CHECK(trade.quantity.to_text() == "0.34507674");
  CHECK(trade.time.ns == 1688669597827736000);
  CHECK(trade.side == Side::buy);
  CHECK(trade.source == TradeSource::rest);
  CHECK(trade.order_type == OrderType::market);
  CHECK(page.last == Timestamp{1688669598280411123});

  REQUIRE(kraken->read_trades(PaddedCopy(body(row, "\"1688669598\"")).text(), page));
  CHECK_FALSE(page.last);  // too short to be a cursor
  REQUIRE(kraken->read_trades(PaddedCopy(body(row, "1688669598280411123")).text(), page));
  CHECK(page.last);
  const std::string old_row = R"(["30243.40000","0.34507674",1688669597.8277369,"b","m",""])";
  REQUIRE(kraken->read_trades(PaddedCopy(body(row + "," + old_row + ",7,{},[]," + row, "\"x\"")).text(), page));
  CHECK(page.rows == 6);
  CHECK(page.bad_rows == 4);
  CHECK(page.trades.size() == 2);
  REQUIRE(kraken->read_trades(PaddedCopy(body("", "\"0\"")).text(), page));
  CHECK(page.rows == 0);
}

TEST_CASE("kraken: errors of REST") {
  const auto kraken = kraken_for({"BTC/USD"});
  using Kind = RestError::Kind;
  const std::vector<std::pair<std::string, Kind>> table = {
      {"EAPI:Rate limit exceeded", Kind::rate_limited},
      {"EGeneral:Too many requests", Kind::rate_limited},
      {"EGeneral:Temporary lockout", Kind::rate_limited},
      {"EService:Throttled:1755324000", Kind::rate_limited},
      {"EQuery:Unknown asset pair", Kind::permanent},
      {"EQuery:Invalid asset pair", Kind::permanent},
      {"EGeneral:Invalid arguments:since", Kind::permanent},
      {"EService:Unavailable", Kind::transient},
      {"EService:Busy", Kind::transient},
      {"EWhatever:new", Kind::transient},
  };
  const net::Headers none;
  const auto judged = [&](unsigned status, const std::string& body, std::optional<Duration> retry_after = {}) {
    return kraken->judge({.status = status,
                          .headers = none,
                          .body = PaddedCopy(body).text(),
                          .retry_after = retry_after,
                          .sent = {},
                          .received = {},
                          .received_at = {}});
  };
  const auto errors = [](const std::string& text) { return R"({"error":[")" + text + R"("]})"; };
  for (const auto& [text, kind] : table) {
    INFO(text);
    for (unsigned status : {200u, 520u}) {  // beside a status that says nothing, too
      const auto result = judged(status, errors(text));
      REQUIRE_FALSE(result);
      CHECK(result.error().kind == kind);
      CHECK(result.error().message == (status == 200 ? text : "HTTP status 520: " + text));
      CHECK(result.error().until.has_value() == (text.find("1755324000") != std::string::npos));
    }
  }
  const std::vector<std::tuple<unsigned, std::string, Kind>> statuses = {
      {429, "<html>slow down</html>", Kind::rate_limited},
      {403, "<html>", Kind::banned},
      {418, "", Kind::banned},
      {404, "<html>", Kind::permanent},
      {520, "<html>520</html>", Kind::transient},
      {503, "", Kind::transient},
      {429, errors("EService:Busy"), Kind::rate_limited},
      {403, errors("EService:Busy"), Kind::banned},
      {200, "<html>520</html>", Kind::transient},
      {200, "", Kind::transient},
      {200, R"({"result":{}})", Kind::transient},
  };
  for (const auto& [status, body, kind] : statuses) {
    INFO(status << " " << body);
    const auto result = judged(status, body, Duration::seconds(7));
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == kind);
    if (status != 200) CHECK(result.error().pause == Duration::seconds(7));
  }
  CHECK(judged(200, R"({"error":["WGeneral:Old"],"result":{"X":[],"last":"1"}})"));
  TradesPage page;
  CHECK(kraken->read_trades(PaddedCopy(R"({"error":["WGeneral:Old"],"result":{"X":[],"last":"1"}})").text(), page));
  CHECK(kraken->read_trades(PaddedCopy("<html>520</html>").text(), page).error().kind == Kind::transient);
  CHECK_FALSE(kraken->read_time(PaddedCopy(R"({"error":[],"result":{"unixtime":"soon"}})").text()));
  CHECK(kraken->read_time(PaddedCopy(R"({"error":[],"result":{"unixtime":1762820224,"rfc1123":"x"}})").text())->time ==
        Timestamp{1762820224000000000});
}

TEST_CASE("kraken: names of markets come from AssetPairs, never from stripping letters") {
  const auto kraken = kraken_for({});
  const auto names = kraken->read_names(
      PaddedCopy(
          R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD","fees":[[0,0.4]]},)"
          R"("XXDGZUSD":{"altname":"XDGUSD","wsname":"XDG/USD"},"SOLUSD":{"altname":"SOLUSD","wsname":"SOL/USD"},)"
          R"("AAPLxUSD":{"altname":"AAPLxUSD","wsname":"AAPLx/USD"},"OLD":{"altname":"OLD"},"N":7,)"
          R"("XXBTZUSD.d":{"altname":"XBTUSD.d","wsname":"XBT/USD"}}})")
          .text());
  REQUIRE(names);
  std::string text;
  for (const RestName& name : *names) text += name.symbol + "=" + name.name + " ";
  CHECK(text == "BTC/USD=XBTUSD DOGE/USD=XDGUSD SOL/USD=SOLUSD AAPLx/USD=AAPLxUSD ");
  CHECK(kraken->spelled_here("XBT/USD") == "BTC/USD");
  CHECK(kraken->spelled_here("BTC/USD").empty());
  CHECK(kraken->trades_request("XBTUSD", {Timestamp{1688669598280411122}, {}}).target ==
        "/Trades?pair=XBTUSD&since=1688669598280411122&count=1000");
  CHECK(
      kraken->subscribe({"BTC/USD", "ETH/USD"}).front().text ==
      R"({"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","ETH/USD"],"snapshot":true},"req_id":1})");
}

TEST_CASE("kraken: recorded frames and a recorded page") {
  const auto frames = recorded("frames/kraken-v2/kraken_v2_real_frames.jsonl");
  const auto page_text = recorded("rest/kraken/http_trades.json");
  if (!frames || !page_text) {
    WARN("skipped: no recorded Kraken data");
    return;
  }
  std::istringstream lines(*frames);
  std::string all;
  for (std::string line; std::getline(lines, line);) all += shown(parse(line)) + "\n";
  CHECK(all ==
        "1#72823289 sell 59121.8 x 0.00022946 @ 2024-08-12T19:38:30.575191000Z market; \n"
        "1#109116693 buy 83744.3 x 0.0004478 @ 2026-09-25T17:48:26.844359000Z limit; \n"
        "\n\n"
        "refused 'XBT/USD' 'Currency pair not supported XBT/USD' for good; \n"
        "refused '' 'Public market data subscriptions are unavailable on this endpoint. Try ws.kraken.com' for good; \n"
        "refused '' 'Subscription depth not supported' for good; \n"
        "\n");
  const auto kraken = kraken_for({"BTC/USDT"});
  TradesPage page;
  REQUIRE(kraken->read_trades(PaddedCopy(*page_text).text(), page));
  REQUIRE(page.trades.size() == 1000);
  CHECK(page.bad_rows == 0);
  CHECK(page.last == Timestamp{1762820035982277754});
  CHECK(page.trades.back().time == Timestamp{1762820035982277000});
  for (std::size_t i = 0; i < 1000; ++i) CHECK(page.trades[i].id == 10218208 + static_cast<std::int64_t>(i));
}

TEST_CASE("kraken: mutations of good texts never crash, and what comes out is believable") {
  const unsigned seed = 20251110;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::vector<std::string> golden = {
      update(good_row + "," + good_row),
      R"({"channel":"status","type":"update","data":[{"system":"online","connection_id":15113583034416118705}]})",
      R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":"BTC/USD"},"success":true,"req_id":1})",
      R"({"error":"Currency pair not supported XBT/USD","method":"subscribe","success":false,"symbol":"XBT/USD"})",
      rest_page({trade_of(1), trade_of(2), trade_of(3)}, "1762795200003000000"),
      R"({"error":["EService:Throttled:1755324000"]})",
      R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD"}}})",
  };
  const auto kraken = kraken_for({"BTC/USD", "ETH/USD"});
  Frame frame;
  TradesPage page;
  const std::string spice = "{}[]\",:0123456789.eE+-\\ntf\x80\xff";
  for (int round = 0; round < 60'000; ++round) {
    std::string text = golden[random() % golden.size()];
    for (std::size_t change = 0, changes = 1 + random() % 4; change < changes && !text.empty(); ++change) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = spice[random() % spice.size()]; break;
        case 1: text.erase(at, 1 + random() % 8); break;
        case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
        default: text.resize(at); break;
      }
    }
    const PaddedCopy copy(text);
    kraken->read(copy.text(), frame);
    const bool believable = std::ranges::all_of(frame.trades, [](const StreamTrade& row) {
      return row.market < 2 && row.trade.id > 0 && row.trade.price.is_positive() && row.trade.quantity.is_positive() &&
             row.trade.time.ns > 1'230'000'000'000'000'000;
    });
    if (!believable) FAIL("round " << round << ": " << text);
    (void)kraken->read_trades(copy.text(), page);
    (void)kraken->read_names(copy.text());
    (void)kraken->read_time(copy.text());
  }
}

}  // namespace candled::ingest
