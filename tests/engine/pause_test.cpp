// A pause is an event of the stream: numbered, recorded, replayed, and remembered across deaths.
#include <catch2/catch.hpp>

#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

// The tape with trading paused over its middle third.
std::vector<Event> paused_tape(std::uint64_t seed, int trades) {
  std::vector<Event> tape = make_tape(seed, trades);
  const auto third = static_cast<std::ptrdiff_t>(tape.size() / 3);
  tape.insert(tape.begin() + 2 * third, Event::of(Pause{false, {}}));
  tape.insert(tape.begin() + third, Event::of(Pause{true, {}}));
  return tape;
}

std::int64_t query(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::int64_t value = 0;
  auto read = [](void* out, int, char** values, char**) {
    *static_cast<std::int64_t*>(out) = values[0] == nullptr ? 0 : std::atoll(values[0]);
    return 0;
  };
  REQUIRE(sqlite3_exec(handle, sql, read, &value, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
  return value;
}

std::filesystem::path file_of(const std::string& name) {
  return std::filesystem::temp_directory_path() / ("candled_conveyor_" + name) / "candled.sqlite";
}

}  // namespace

TEST_CASE("nothing is bought between a pause and its end, whatever dies meanwhile") {
  const std::vector<Event> tape = paused_tape(5, 4000);
  const std::string expected = whole_run("paused", tape, {ThreadLayout::market, 8192, false});
  const auto path = file_of("paused");
  REQUIRE(query(path, "SELECT count(*) FROM pause") == 2);
  const char* between = "sequence > (SELECT min(sequence) FROM pause) AND sequence < (SELECT max(sequence) FROM pause)";
  CHECK(query(path, ("SELECT count(*) FROM fill WHERE side = 0 AND " + std::string(between)).c_str()) == 0);
  CHECK(query(path, ("SELECT count(*) FROM prediction WHERE " + std::string(between)).c_str()) > 30);
  CHECK(query(path, "SELECT count(*) FROM fill WHERE side = 0 AND sequence < (SELECT min(sequence) FROM pause)") > 5);
  CHECK(query(path, "SELECT count(*) FROM fill WHERE side = 0 AND sequence > (SELECT max(sequence) FROM pause)") > 5);
  CHECK(whole_run("paused_threads", tape, {ThreadLayout::stages, 4}) == expected);
  CHECK(interrupted_run("paused_broken", tape, {ThreadLayout::market, 64, false, 300}, 20, 5) == expected);
}

TEST_CASE("a request takes the place in the stream where it arrives, and a pause holds for a market that is new") {
  const auto path = fresh("requested");
  EngineSettings settings = Session::make_settings(path, Run{});
  const MarketTable both = settings.markets;
  settings.markets = {both[0]};
  for (int life = 0; life < 2; ++life) {
    Session session(path, settings);
    REQUIRE(recover(session).has_value());
    CHECK(session.statistics.paused.value() == life);
    if (life == 0) REQUIRE(session.conveyor.requests().try_push(Event::of(Pause{true, {Timestamp{5}}})));
    session.conveyor.feed().close();
    while (session.conveyor.poll()) {
    }
    CHECK(session.statistics.paused.value() == 1);
    CHECK(query(path, "SELECT asked FROM pause WHERE paused = 1") == 5);
    settings.markets = {both[1]};
    settings.markets[0].id = MarketId{0};
  }
}
