// A file that something else takes away from under the journal ends the run with a named reason, whatever thread finds it; the next start
// goes on from what is stored.
#include <utility>

#include "small_market.hpp"

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"

namespace candled::engine::tests {

TEST_CASE("a write-ahead log that is cut or removed ends the run with a reason, and the next start goes on") {
  const std::vector<Event> tape = make_tape(7, 600);
  for (const bool removed : {false, true}) {
    INFO((removed ? "removed" : "cut"));
    const auto path = fresh("lost_log");
    const std::string log = path.string() + "-wal";
    {
      Session session(path, Run{});
      REQUIRE(recover(session).has_value());
      REQUIRE(session.conveyor.control().try_push(
          Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
      flow::Parker own;
      session.conveyor.feed().attach(own);
      session.conveyor.start();
      play(session, tape, 0, tape.size() / 2, true);
      // Between two commits: what is cut within one is found by nobody.
      const Duration until = flow::monotonic_now() + Duration::seconds(20);
      std::int64_t committed = -1;
      while ((!session.reader.cursor(MarketId{0}).last_trade_id ||
              std::exchange(committed, session.statistics.committed_sequence.value()) !=
                  session.statistics.committed_sequence.value()) &&
             flow::monotonic_now() < until)
        flow::pause(Duration::milliseconds(300));
      if (removed) {
        std::filesystem::remove(log);
      } else {
        std::filesystem::resize_file(log, 0);
      }
      play(session, tape, tape.size() / 2, tape.size(), true);
      session.conveyor.feed().close();
      session.conveyor.join();
      REQUIRE(session.conveyor.gave_up());
      CHECK(session.conveyor.given_up_for().find(removed ? "-wal was removed or replaced" : "-wal was cut short") !=
            std::string::npos);
    }
    if (!removed) continue;
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    CHECK(session.reader.cursor(MarketId{0}).last_trade_id.has_value());  // what the log held is in the file
  }
}

}  // namespace candled::engine::tests
