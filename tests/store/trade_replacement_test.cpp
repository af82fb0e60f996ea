// Trades with ids take the place of those without: of which ones, where nothing is proven, and what is kept of them.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "candled/domain/made_id.hpp"
#include "candled/store/reader.hpp"
#include "candled/store/record_stream.hpp"
#include "store/small_journal.hpp"

namespace candled::tests {
namespace {

constexpr MarketId market{0};

Timestamp at(double seconds) { return SmallJournal::start + Duration{static_cast<std::int64_t>(seconds * 1e9)}; }

struct Scene {
  Scene() : reader(journal.path(), SmallJournal::markets()) {}

  static Trade trade(double seconds, const char* price, Side side) {
    Trade trade;
    trade.time = trade.received = at(seconds);
    trade.price = *Price::parse(price);
    trade.quantity = *Quantity::parse("0.5");
    trade.side = side;
    return trade;
  }
  void made(double seconds, const char* price = "100", Side side = Side::unknown) {
    Trade made = trade(seconds, price, side);
    made.id = made_id_from(made.time);
    while (reader.trade(market, made.id)) ++made.id;
    made.source = TradeSource::import;
    journal.commit(Event::of(market, made));
  }
  static Event own(std::int64_t id, double seconds, const char* price = "100", Side side = Side::buy) {
    Trade own = trade(seconds, price, side);
    own.id = id;
    own.source = TradeSource::rest;
    return Event::of(market, own);
  }
  // Seconds of those that are stored without an id.
  std::vector<std::int64_t> left() {
    std::vector<std::int64_t> seconds;
    for (const Trade& trade : reader.trades_between(market, at(-100), at(10'000))) {
      if (trade.id < 0) seconds.push_back((trade.time - SmallJournal::start).ns / 1'000'000'000);
    }
    return seconds;
  }
  std::int64_t recorded() {
    store::RecordStream events(journal.path(), SmallJournal::markets(), {});
    std::int64_t trades = 0, last = 0;
    while (const auto event = events.next()) {
      CHECK(event->event.sequence >= last);
      last = event->event.sequence;
      trades += event->event.kind() == EventKind::trade ? 1 : 0;
    }
    return trades;
  }

  SmallJournal journal{"candled_trade_replacement_test"};
  store::Reader reader;
};

using Seconds = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("trade replacement: the same trade goes, another stays") {
  Scene scene;
  SECTION("whatever unit its stamp has") {
    scene.made(1);
    scene.made(5.123);
    scene.made(7.000'123);
    scene.made(9.5);
    scene.journal.commit(Scene::own(10, 1.9));
    CHECK(scene.left() == Seconds{5, 7, 9});
    scene.journal.commit(Scene::own(20, 5.123'9));
    CHECK(scene.left() == Seconds{7, 9});
    scene.journal.commit(Scene::own(30, 7.000'123'9));
    CHECK(scene.left() == Seconds{9});
    scene.journal.commit(Scene::own(40, 9.499'6));  // rounded to the millisecond
    CHECK(scene.left() == Seconds{});
    CHECK(scene.journal.writer->trades_replaced() == 4);
    CHECK(scene.journal.writer->take_replaced(market));
    CHECK(!scene.journal.writer->take_replaced(market));
    CHECK(scene.reader.revision_due(market)->from == at(1));
  }
  SECTION("but not one of another price, side or time") {
    scene.made(1, "101");
    scene.made(2, "100", Side::sell);
    scene.made(4);
    scene.journal.commit(Scene::own(10, 1.5));
    scene.journal.commit(Scene::own(20, 2.5));
    scene.journal.commit(Scene::own(30, 3.4));
    CHECK(scene.left() == Seconds{1, 2, 4});
    CHECK(!scene.reader.revision_due(market));
  }
  SECTION("as many as there are") {
    for (int i = 0; i < 3; ++i) scene.made(1);
    scene.journal.commit(Scene::own(10, 1.2));
    scene.journal.commit(Scene::own(12, 1.3));
    CHECK(scene.left() == Seconds{1});
    scene.journal.commit(Scene::own(12, 1.3));  // stored already
    CHECK(scene.left() == Seconds{1});
  }
}

TEST_CASE("trade replacement: contiguous ids are all there is between them") {
  Scene scene;
  for (int second = 0; second < 60; second += 10) scene.made(second, "77");
  SECTION("in one commit or in several, in any order") {
    scene.journal.commit(Scene::own(10, 15));
    CHECK(scene.left().size() == 6);
    scene.journal.commit(Scene::own(12, 45));
    CHECK(scene.left().size() == 6);
    scene.journal.commit(Scene::own(11, 35));
    CHECK(scene.left() == Seconds{0, 10, 50});
  }
  SECTION("and nothing is proven over a gap, in front of the first and behind the last") {
    scene.journal.commit(Scene::own(10, 15), Scene::own(11, 25), Scene::own(13, 35), Scene::own(14, 45));
    CHECK(scene.left() == Seconds{0, 10, 30, 50});
  }
  SECTION("a unit that a run begins or ends in is not all its own") {
    scene.journal.commit(Scene::own(10, 10.5), Scene::own(11, 30.5));
    CHECK(scene.left() == Seconds{0, 10, 30, 40, 50});
  }
  SECTION("a watermark proves what is in front of the first") {
    scene.journal.commit(Event::of(market, Watermark{at(5), at(5)}), Scene::own(10, 25));
    CHECK(scene.left() == Seconds{0, 30, 40, 50});
  }
  SECTION("not so where a gap is recorded behind it") {
    scene.journal.commit(Event::of(market, Watermark{at(5), at(5)}),
                         Event::sequence_gap(market, SequenceGap{3, 9, at(6), {}}), Scene::own(10, 25));
    CHECK(scene.left().size() == 6);
  }
  SECTION("a gap without ids is closed by ids that reach over it") {
    scene.journal.commit(
        Event::sequence_gap(market, SequenceGap{made_id_from(at(50)) + 1, made_id_from(at(100)) - 1, at(100), {}}));
    scene.journal.commit(Scene::own(10, 45));
    CHECK(scene.reader.cursor(market).open_sequence_gaps.size() == 1);
    scene.journal.commit(Scene::own(11, 101));
    CHECK(scene.reader.cursor(market).open_sequence_gaps.empty());
    CHECK(scene.left() == Seconds{0, 10, 20, 30, 40});
  }
}

TEST_CASE("trade replacement: what went is still in the record, and a new writer knows what is stored") {
  Scene scene;
  for (int second = 0; second < 30; second += 10) scene.made(second);
  scene.journal.writer.reset();
  store::JournalSettings settings;
  settings.path = scene.journal.path();
  settings.markets = SmallJournal::markets();
  settings.strategies = {{"calm", "balanced"}, {"wild", "dynamic"}};
  settings.features = {{"hash", {"a"}}, {"hash", {"a"}}};
  scene.journal.writer = std::make_unique<store::JournalWriter>(settings);
  scene.journal.commit(Scene::own(10, 0.5), Scene::own(11, 10.5), Scene::own(12, 40));
  CHECK(scene.left() == Seconds{});
  CHECK(scene.recorded() == 6);
}

TEST_CASE("trades of a minute with and without ids stand in the order of their times") {
  Scene scene;
  scene.made(0, "1");
  scene.made(30, "2");
  scene.made(31, "3");
  scene.journal.commit(Scene::own(10, 20.2, "4"), Scene::own(11, 30.2, "5"));
  std::string prices;
  for (const Trade& trade : scene.reader.trades_between(market, at(0), at(60))) prices += trade.price.to_text() + " ";
  CHECK(prices == "1 4 5 2 3 ");  // contiguous ids reach to 30.2: the other one of that second is behind it
}

}  // namespace candled::tests
