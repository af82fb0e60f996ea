// Kraken's own candles: text in, finished candles out.
#include <catch2/catch.hpp>

#include "ingest/exchanges/kraken/ohlc.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

std::string row(std::int64_t minute, const std::string& prices, const std::string& volume, int count) {
  return fmt::format(R"([{},{},"100.0","{}",{}])", 1'762'795'200 + minute * 60, prices, volume, count);
}
const std::string prices = R"("100.1","101.5","99.9","100.2")";

std::string page_of(const std::string& rows, std::int64_t last_minute) {
  return fmt::format(R"({{"error":[],"result":{{"XXBTZUSD":[{}],"last":{}}}}})", rows,
                     1'762'795'200 + last_minute * 60);
}

// Open minutes, states and what was left out, as a person would say it.
std::string shown(const std::string& body) {
  CandlesPage page;
  const RestResult<void> parsed = parse_kraken_ohlc(PaddedCopy(body).text(), page);
  if (!parsed) return "refused: " + parsed.error().message;
  std::string text;
  for (const Candle& candle : page.candles) {
    text += fmt::format("{}{} ", (candle.open_time - test_epoch) / Duration::minutes(1),
                        candle.state == CandleState::quiet ? "quiet" : "");
  }
  return text + (page.bad_rows > 0 ? fmt::format("{} bad", page.bad_rows) : "");
}

}  // namespace

TEST_CASE("kraken's candles: the open one is left out, quiet ones are known, what cannot be right is refused") {
  const std::string flat = R"("100.2","100.2","100.2","100.2")";
  CHECK(shown(page_of(row(0, prices, "1.5", 3) + "," + row(1, flat, "0.00000000", 0) + "," + row(2, prices, "0.1", 1),
                      1)) == "0 1quiet ");
  CHECK(shown(page_of("", 0)) == "");
  CHECK(shown(page_of(
            row(0, R"("100","99","101","100")", "1", 1) + "," + row(1, prices, "1", 1) + "," + row(2, prices, "1", 1),
            1)) == "1 1 bad");
  CHECK(shown(page_of(
            row(0, R"("0","101","99","100")", "1", 1) + "," + row(1, prices, "-1", 1) + "," + row(2, prices, "1", 1),
            2)) == "2 bad");
  CHECK(shown(page_of(row(0, prices, "1.5", 0) + "," + row(1, prices, "1", 1), 1)) == "1 bad");
  CHECK(shown(R"({"error":["EGeneral:Invalid arguments:interval"]})") == "refused: the answer has no result");
  CHECK(shown("<html>520</html>").starts_with("refused: the answer is not"));
  CHECK(shown(R"({"error":[],"result":{"XXBTZUSD":[[1,2)").starts_with("refused: "));
  CandlesPage page;
  const std::string body = page_of(row(0, prices, "1.5", 3) + "," + row(1, prices, "1", 1), 0);
  REQUIRE(parse_kraken_ohlc(PaddedCopy(body).text(), page));
  REQUIRE(page.candles.size() == 1);
  const Candle& candle = page.candles.front();
  CHECK(candle.high.to_text() == "101.5");
  CHECK(candle.volume.to_text() == "1.5");
  CHECK(candle.trades == 3);
  CHECK_FALSE(candle.buy_volume_known);
  CHECK_FALSE(candle.tape.known);
  CHECK(kraken_ohlc_target("XBTUSD", Duration::minutes(5)) == "/OHLC?pair=XBTUSD&interval=5");
}

}  // namespace candled::ingest
