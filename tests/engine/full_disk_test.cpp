// A database that refuses writes: a live feed waits for room, a command that may give up ends and says why.
#include "small_market.hpp"

#include "candled/flow/clock.hpp"

namespace candled::engine::tests {
namespace {

void execute(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  CHECK(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

void refuse_trades(const std::filesystem::path& path) {
  execute(path, "CREATE TRIGGER no_room BEFORE INSERT ON trade BEGIN SELECT RAISE(ABORT, 'no room'); END");
}

}  // namespace

TEST_CASE("events that cannot be written wait while a feed is live, and are given up where that is allowed") {
  const auto path = fresh("full_disk");
  const std::vector<Event> tape = make_tape(5, 300);
  const std::string expected = whole_run("roomy_disk", tape, {ThreadLayout::market, 8192, false});
  {
    Session session(path, Run{});
    REQUIRE(recover(session).has_value());
    refuse_trades(path);
    REQUIRE(session.conveyor.control().try_push(
        Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
    play(session, tape, 0, tape.size(), false);
    session.conveyor.feed().close();
    const Duration until = flow::monotonic_now() + Duration::seconds(4);  // longer than where giving up is allowed
    while (flow::monotonic_now() < until) session.conveyor.poll();
    CHECK_FALSE(session.conveyor.gave_up());
    session.conveyor.may_give_up();
    while (session.conveyor.poll()) {
    }
    REQUIRE(session.conveyor.gave_up());
    CHECK(session.conveyor.given_up_for().find("no room") != std::string::npos);
    CHECK(session.statistics.trades.value() > 0);
    CHECK_FALSE(session.reader.cursor(MarketId{0}).last_trade_id.has_value());
  }
  execute(path, "DROP TRIGGER no_room");
  Session session(path, Run{});
  REQUIRE(recover(session).has_value());
  REQUIRE(session.conveyor.control().try_push(
      Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
  play(session, tape, 0, tape.size(), false);
  session.conveyor.feed().close();
  while (session.conveyor.poll()) {
  }
  CHECK(dump(path) == expected);
}

}  // namespace candled::engine::tests
