// verify finds what a run recorded equal to its replay, across deaths, restarts with other settings and rows that were tampered with.
#include "candled/engine/verify.hpp"

#include <catch2/catch.hpp>

#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

VerifyReport verify_file(const std::filesystem::path& path) {
  store::Recording recording(path, two_markets());
  const store::Reader reader(path, two_markets());
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}, {}});
  VerifyRequest request;
  request.settings = Session::make_settings(path, Run{});
  request.load_model = [](const std::string& name) -> Result<std::shared_ptr<const Predictor>> { return model_named(name); };
  request.settings_of = [&](const std::string& config) -> Result<EngineSettings> {
    EngineSettings settings = Session::make_settings(path, Run{});
    if (config == "patient") settings.paper.latency = Duration::seconds(30);
    return settings;
  };
  const Result<VerifyReport> report = verify(recording, reader, request, log);
  INFO((report ? "" : report.error().message));
  REQUIRE(report.has_value());
  return *report;
}

void change(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_changes(handle) > 0);
  sqlite3_close(handle);
}

std::filesystem::path file_of(const std::string& name) {
  return std::filesystem::temp_directory_path() / ("candled_conveyor_" + name) / "candled.sqlite";
}

}  // namespace

TEST_CASE("a run that died twenty times is equal to its replay in every fact") {
  interrupted_run("verified", make_tape(5, 4000), {ThreadLayout::market, 64, false, 300}, 20, 5);
  const VerifyReport report = verify_file(file_of("verified"));
  INFO(report.first_difference);
  CHECK(report.good());
  CHECK(report.takeovers == 2);
  CHECK(report.candles.compared > 150);
  CHECK(report.features.compared > 150);
  CHECK(report.predictions.compared > 100);
  CHECK(report.fills.compared > 50);
  CHECK(report.equity_points.compared > 300);
}

TEST_CASE("each kind of fact that was tampered with is found") {
  const std::vector<Event> tape = make_tape(9, 2000);
  struct Case {
    const char* sql;
    const char* says;
  };
  const Case c = GENERATE(
      Case{"UPDATE candle SET close = close + 1 WHERE open_time = (SELECT min(open_time) FROM candle WHERE state = 0)", "candle"},
      Case{"UPDATE feature SET row = zeroblob(length(row)) WHERE open_time = (SELECT max(open_time) FROM feature)", "feature"},
      Case{"UPDATE prediction SET probability_up = probability_up + 1e-16 WHERE open_time = (SELECT max(open_time) FROM prediction)", "prediction"},
      Case{"UPDATE fill SET fee = fee + 1 WHERE number = 2", "fill"},
      Case{"UPDATE equity_point SET cash = cash - 1 WHERE time = (SELECT max(time) FROM equity_point)", "equity"},
      Case{"DELETE FROM fill WHERE number = 3", "fill"}, Case{"UPDATE trade SET price = price * 2 WHERE trade_id = 1100", "candle"});
  whole_run("tampered", tape, {ThreadLayout::market, 8192, false});
  change(file_of("tampered"), c.sql);
  const VerifyReport report = verify_file(file_of("tampered"));
  INFO(c.sql << ": " << report.first_difference);
  CHECK_FALSE(report.good());
  CHECK(report.first_difference.find(c.says) != std::string::npos);
}

TEST_CASE("a fact that the replay does not make is missing") {
  whole_run("extra", make_tape(9, 1000), {ThreadLayout::market, 8192, false});
  change(file_of("extra"), "INSERT INTO fill SELECT strategy, market, 9999, time, decided_on, side, quantity, price, fee, reason, sequence FROM fill LIMIT 1");
  const VerifyReport report = verify_file(file_of("extra"));
  CHECK(report.differences == 1);
  CHECK(report.fills.missing == 1);
}

TEST_CASE("a restart with other settings is replayed with them from its place on") {
  const auto path = fresh("changed");
  const std::vector<Event> tape = make_tape(13, 3000);
  for (const std::string config : {"quick", "patient"}) {
    EngineSettings settings = Session::make_settings(path, Run{});
    settings.config = config;
    if (config == "patient") settings.paper.latency = Duration::seconds(30);
    Session session(path, settings);
    REQUIRE(recover(session).has_value());
    if (config == "quick") REQUIRE(session.conveyor.control().try_push(Event::of(new Takeover{model_named("20250101_000000"), std::nullopt})));
    const std::size_t half = tape.size() / 2;
    play(session, tape, config == "quick" ? 0 : half, config == "quick" ? half : tape.size(), false);
    session.conveyor.feed().close();
    while (session.conveyor.poll()) {
    }
  }
  const VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.runs == 2);
  CHECK(report.good());
  change(path, "UPDATE run SET config = 'quick'");
  CHECK_FALSE(verify_file(path).good());
}

TEST_CASE("a candle that was revised is not compared with what the live run made of it") {
  interrupted_run("revised", make_tape(21, 1500), {ThreadLayout::market, 8192, false}, 0, 1);
  change(file_of("revised"), "UPDATE candle SET revision = 1, close = close + 1 WHERE open_time = (SELECT max(open_time) FROM candle)");
  const VerifyReport report = verify_file(file_of("revised"));
  INFO(report.first_difference);
  CHECK(report.good());
  CHECK(report.revised_candles == 2);
}
