// Files of every version of the schema: the conveyor opens and recovers each, and goes on writing it, while a big table is still being
// brought up to date.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

constexpr Timestamp first_candle{1'740'000'000'000'000'000};

void execute(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
  REQUIRE(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

Event trade(std::int64_t id, Timestamp time) {
  Trade trade;
  trade.id = id;
  trade.time = trade.received = time;
  trade.price = *Price::parse("100");
  trade.quantity = *Quantity::parse("0.5");
  return Event::of(MarketId{0}, trade);
}

std::string first_line(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::string text;
  const auto append = [](void* out, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i)
      *static_cast<std::string*>(out) += std::string(values[i] == nullptr ? "NULL" : values[i]) + '|';
    return 0;
  };
  REQUIRE(sqlite3_exec(handle, sql, append, &text, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
  return text;
}

}  // namespace

TEST_CASE("the conveyor goes on with a file of every version") {
  int files = 0;
  for (const auto& schema : std::filesystem::directory_iterator(CANDLED_SOURCE_DIR "/tests/store/schemas")) {
    INFO(schema.path().stem().string());
    std::ifstream sql(schema.path());
    const std::filesystem::path path = fresh("old_" + schema.path().stem().string());
    execute(path, {std::istreambuf_iterator<char>(sql), {}});
    // The gap that these files hold is of ids beyond all that follow here: every later candle would be unknown.
    execute(path, "DELETE FROM hole");
    {
      Session session(path, Run{ThreadLayout::inline_journal, 1024, false});
      const Result<RecoveryReport> recovered = recover(session);
      INFO((recovered ? "" : recovered.error().message));
      REQUIRE(recovered.has_value());
      for (int i = 0; i < 12; ++i) {
        session.conveyor.feed().push(trade(8 + i, first_candle + Duration::minutes(5) + Duration::seconds(30 * i)));
      }
      session.conveyor.feed().flush();
      for (int i = 0; i < 500; ++i) session.conveyor.poll();  // idle moments
      session.conveyor.feed().close();
      while (session.conveyor.poll()) {
      }
    }
    CHECK(first_line(path, "SELECT (SELECT count(*) FROM candle) = (SELECT count(*) FROM candles)") ==
          "1|");  // the table is through
    CHECK(first_line(path, "SELECT count(*), max(trade_id) FROM trades WHERE market = 'kraken:BTC/USD'") == "19|19|");
    // Four that were there, a gap or a quiet one, and five that closed since.
    CHECK(first_line(
              path,
              "SELECT count(*) FROM candles WHERE market = 'kraken:BTC/USD' AND open_time < '2025-02-19T21:24:00Z'") ==
          "4|");
    CHECK(first_line(path,
                     "SELECT count(*) FROM candles WHERE market = 'kraken:BTC/USD' AND state = 'traded' AND open_time "
                     ">= '2025-02-19T21:25:00Z'") == "5|");
    std::filesystem::remove_all(path.parent_path());
    ++files;
  }
  CHECK(files >= 17);
}
