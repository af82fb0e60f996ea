// How many trades a second the parser and the tracker take on one core, and that they allocate nothing for one.
// Hidden: ingest_tests "[speed]" prints the numbers.
#include <catch2/catch.hpp>

#include <chrono>

#include "allocation_count.hpp"
#include "ingest/sequence_tracker.hpp"
#include "ingest_fixtures.hpp"

namespace candled::ingest {
namespace {

struct Rate {
  double trades_per_second = 0;
  std::size_t allocated = 0;
};

Rate measured(std::int64_t per_frame, std::int64_t frames) {
  const auto kraken = kraken_for({"BTC/USD", "ETH/USD"});
  std::vector<PaddedCopy> texts;
  for (std::int64_t i = 0; i < frames; ++i) {
    std::vector<Trade> trades;
    for (std::int64_t n = 0; n < per_frame; ++n) trades.push_back(trade_of(1 + i * per_frame + n));
    texts.emplace_back(stream_frame(trades));
  }
  Frame frame;
  SequenceTracker tracker;
  tracker.start_behind(0);
  std::int64_t out = 0;
  const auto take = [&](const PaddedCopy& text) {
    kraken->read(text.text(), frame);
    for (const StreamTrade& row : frame.trades)
      tracker.offer(row.trade, [&out](const Trade& trade) { out += trade.id > 0; });
  };
  for (const PaddedCopy& text : texts) kraken->read(text.text(), frame);  // buffers grow to the longest frame
  take(texts.front());
  const std::size_t before = candled::testing::allocations();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 1; i < texts.size(); ++i) take(texts[i]);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  REQUIRE(out == frames * per_frame);
  return {static_cast<double>((frames - 1) * per_frame) / time.count(), candled::testing::allocations() - before};
}

}  // namespace

TEST_CASE("speed: a trade in order costs no allocation, from bytes to the tracker's exit") {
  CHECK(measured(1, 200).allocated == 0);
  CHECK(measured(50, 200).allocated == 0);
}

TEST_CASE("speed: trades a second on one core", "[.][speed]") {
  for (std::int64_t per_frame : {1, 5, 50}) {
    WARN(fmt::format("{} trades a frame: {:.2f} million trades/s", per_frame,
                     measured(per_frame, 400'000 / per_frame).trades_per_second / 1e6));
  }
}

}  // namespace candled::ingest
