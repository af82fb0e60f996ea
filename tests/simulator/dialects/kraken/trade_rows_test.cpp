// Numbers and rows exactly as Kraken prints them; the expected texts are recorded ones where that was possible.
#include <catch2/catch.hpp>

#include "simulator/dialects/kraken/pairs.hpp"
#include "simulator/dialects/kraken/trade_rows.hpp"
#include "simulator/number_text.hpp"

using namespace candled;
using namespace candled::simulator;
using namespace candled::simulator::kraken;

namespace {

Trade recorded_trade() {
  Trade trade;
  trade.id = 109116693;
  trade.time = parse_rfc3339("2026-09-25T17:48:26.844359566Z").value();
  trade.price = Price::parse("83744.3").value();
  trade.quantity = Quantity::parse("0.0004478").value();
  trade.order_type = OrderType::limit;
  return trade;
}

std::string rounded(std::int64_t ns) {
  std::string out;
  append_rounded_seconds(out, Timestamp{ns});
  return out;
}

}  // namespace

TEST_CASE("a stream row is the recorded frame's, to the character") {
  std::string out;
  StreamRows(pair_of("BTC/USD").value().instrument).append(out, recorded_trade());
  CHECK(out ==
        R"({"symbol":"BTC/USD","side":"buy","price":83744.3,"qty":0.00044780,"ord_type":"limit","trade_id":109116693,)"
        R"("timestamp":"2026-09-25T17:48:26.844359Z"})");
}

TEST_CASE("stream rows: seconds change, sides and types differ, precision follows the pair") {
  StreamRows rows(pair_of("DOGE/USD").value().instrument);
  Trade trade = recorded_trade();
  trade.price = Price::parse("0.2").value();
  trade.side = Side::sell;
  trade.order_type = OrderType::market;
  std::string out;
  rows.append(out, trade);
  trade.time = trade.time + Duration::seconds(40);
  rows.append(out, trade);
  CHECK(out.find(R"("side":"sell","price":0.2000000,"qty":0.00044780,"ord_type":"market")") != std::string::npos);
  CHECK(out.find("17:48:26.844359Z") != std::string::npos);
  CHECK(out.find("17:49:06.844359Z") != std::string::npos);
}

TEST_CASE("a REST row is the documented one, to the character") {
  Trade trade;
  trade.id = 61044952;
  trade.time = Timestamp{1688669597827736900};
  trade.price = Price::parse("30243.4").value();
  trade.quantity = Quantity::parse("0.34507674").value();
  trade.order_type = OrderType::market;
  std::string out;
  append_rest_row(out, trade, pair_of("BTC/USD").value().instrument);
  CHECK(out == R"(["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952])");
}

TEST_CASE("REST times are rounded doubles of at most seven decimals, and may lie behind the true time") {
  CHECK(rounded(1762820035982277754) == "1762820035.9822779");  // recorded: the row of a page whose last was ...2277754
  CHECK(rounded(1762820035500000000) == "1762820035.5");
  CHECK(rounded(1762820035000000000) == "1762820035");
  for (std::int64_t ns = 1762820035000000000; ns < 1762820035001000000; ns += 997) {
    const std::string text = rounded(ns);
    INFO(text);
    REQUIRE((text.find('.') == std::string::npos || text.size() - text.find('.') <= 8));
    REQUIRE(std::abs(parse_unix_seconds(text).value().ns - ns) <= 240);
  }
}

TEST_CASE("exponent form keeps the value") {
  for (const char* text : {"0.00001", "1", "94448.5", "100000", "12345.6789", "0.0000000001"}) {
    const Price price = Price::parse(text).value();
    std::string out;
    append_exponent(out, price.digits());
    INFO(out);
    CHECK(out.find('e') != std::string::npos);
    CHECK(Price::parse(out).value() == price);
  }
}

TEST_CASE("microsecond text cuts finer digits") {
  CHECK(microsecond_text(Timestamp{1'999}) == "1970-01-01T00:00:00.000001Z");
  CHECK(microsecond_text(Timestamp{59'999'999'999}) == "1970-01-01T00:00:59.999999Z");
}
