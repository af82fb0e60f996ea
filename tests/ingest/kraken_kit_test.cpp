// Kraken passes the test-kit that every exchange passes.
#include "exchange_kit.hpp"
#include "feed_scene.hpp"

namespace candled::ingest {
namespace {

std::string rest_of_kraken(const std::string& target, const std::vector<Trade>& trades, Timestamp now) {
  if (target == "/Time")
    return fmt::format(R"({{"error":[],"result":{{"unixtime":{},"rfc1123":"x"}}}})", now.ns / 1'000'000'000);
  if (target == "/AssetPairs") {
    return R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD"},"XETHZUSD":{"altname":"ETHUSD","wsname":"ETH/USD"}}})";
  }
  const std::size_t at = target.find("since=");
  const std::int64_t since = at == std::string::npos ? 0 : std::stoll(target.substr(at + 6));
  std::vector<Trade> rows;
  for (const Trade& trade : trades) {
    if (trade.time.ns > since && rows.size() < 1000) rows.push_back(trade);
  }
  return rest_page(rows, std::to_string(rows.empty() ? since : rows.back().time.ns));
}

}  // namespace

TEST_CASE("kraken: passes the test-kit") {
  run_exchange_kit({
      .entry = *known_exchanges().find("kraken"),
      .symbols = {"BTC/USD", "ETH/USD"},
      .unknown_symbol = "NO/PE",
      .greeting = status_frame(),
      .answers =
          [](const std::string& message) {
            std::vector<std::string> answers;
            for (const char* symbol : {"BTC/USD", "ETH/USD"}) {
              if (contains(message, symbol)) answers.push_back(ack(symbol));
            }
            return answers;
          },
      .trades_frame = [](const std::vector<Trade>& trades) { return stream_frame(trades); },
      .rest = rest_of_kraken,
      .frames =
          {
              {heartbeat(), ""},
              {R"({"error":"Currency pair not supported XBT/EUR","method":"subscribe","success":false,"symbol":"XBT/EUR","req_id":11})",
               "refused 'XBT/EUR' 'Currency pair not supported XBT/EUR'; "},
              {stream_frame({}, "snapshot"), "snapshot; "},
          },
      .answers_judged =
          {
              {200, R"({"error":["EAPI:Rate limit exceeded"]})", RestError::Kind::rate_limited},
              {200, R"({"error":["EQuery:Unknown asset pair"]})", RestError::Kind::permanent},
              {200, "<html>520</html>", RestError::Kind::transient},
              {520, R"({"error":["EService:Throttled:1755324000"]})", RestError::Kind::rate_limited},
          },
  });
}

}  // namespace candled::ingest
