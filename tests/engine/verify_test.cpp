// verify finds what a run recorded equal to its replay, across deaths, restarts with other settings and rows that were tampered with.
#include "candled/engine/verify.hpp"

#include <catch2/catch.hpp>

#include "candled/engine/revision.hpp"
#include "candled/features/catalogue.hpp"
#include "engine/small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

EngineSettings settings_named(const std::filesystem::path& path, const std::string& config) {
  EngineSettings settings = Session::make_settings(path, Run{});
  settings.config = config;
  if (config == "patient") settings.paper.latency = Duration::seconds(30);
  if (config == "one market") settings.markets.pop_back();
  if (config == "other market") {
    settings.markets.erase(settings.markets.begin());
    settings.markets.front().id = MarketId{0};
  }
  return settings;
}

PastRuns past_runs(const std::filesystem::path& path) {
  return {[path](const std::string& config) -> Result<EngineSettings> { return settings_named(path, config); },
          [](const EngineSettings&) -> LoadModel {
            return
                [](const std::string& name) -> Result<std::shared_ptr<const Predictor>> { return model_named(name); };
          }};
}

VerifyReport verify_file(const std::filesystem::path& path) {
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}, {}});
  VerifyRequest request;
  request.database = path;
  request.settings = Session::make_settings(path, Run{});
  request.past = past_runs(path);
  const Result<VerifyReport> report = verify(request, log);
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
  CHECK(report.differences() == 0);
  CHECK(report.model_swaps == 2);
  CHECK(report.candles.compared > 150);
  CHECK(report.features.compared > 150);
  CHECK(report.predictions.compared > 100);
  CHECK(report.fills.compared > 50);
  CHECK(report.orders.compared > 50);
  CHECK(report.equity_points.compared > 300);
}

TEST_CASE("each kind of fact that was tampered with is found") {
  const std::vector<Event> tape = make_tape(9, 2000);
  struct Case {
    const char* sql;
    const char* says;
  };
  const Case c = GENERATE(
      Case{"UPDATE candle SET close = close + 1 WHERE open_time = (SELECT min(open_time) FROM candle WHERE state = 0)",
           "candle"},
      Case{"UPDATE feature SET row = zeroblob(length(row)) WHERE open_time = (SELECT max(open_time) FROM feature)",
           "feature"},
      Case{"UPDATE prediction SET probability_up = probability_up + 1e-16 WHERE open_time = (SELECT max(open_time) "
           "FROM prediction)",
           "prediction"},
      Case{"UPDATE fill SET fee = fee + 1 WHERE number = 2", "fill"},
      Case{"UPDATE paper_order SET spend = spend + 1 WHERE number = 3 AND side = 0", "order"},
      Case{"UPDATE paper_order SET outcome = 2 WHERE number = 4", "order"},
      Case{"UPDATE equity_point SET cash = cash - 1 WHERE time = (SELECT max(time) FROM equity_point)", "equity"},
      Case{"DELETE FROM fill WHERE number = 3", "fill"},
      Case{"UPDATE trade SET price = price * 2 WHERE trade_id = 1100", "candle"});
  whole_run("tampered", tape, {ThreadLayout::market, 8192, false});
  change(file_of("tampered"), c.sql);
  const VerifyReport report = verify_file(file_of("tampered"));
  INFO(c.sql << ": " << report.first_difference);
  CHECK(report.differences() > 0);
  CHECK(report.first_difference.find(c.says) != std::string::npos);
}

TEST_CASE("columns that an older formula made are told apart, and the rest is compared") {
  whole_run("formulas", make_tape(9, 1000), {ThreadLayout::market, 8192, false});
  const std::filesystem::path path = file_of("formulas");
  const std::string first = features::default_features().front();
  // As a build left it whose formula of the first feature was another one.
  change(path, ("INSERT INTO feature_list SELECT 'older', '" + first + "@0' || substr(names, length('" + first +
                "') + 1) FROM feature_list")
                   .c_str());
  change(path, "UPDATE feature SET hash = 'older', row = CAST(zeroblob(8) || substr(row, 9) AS BLOB)");
  const VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.differences() == 0);
  CHECK(report.features.compared > 10);
  CHECK(report.older_formulas == std::map<std::string, std::int64_t>{{first, report.features.compared}});
  change(path,
         "UPDATE feature SET row = CAST(zeroblob(16) || substr(row, 17) AS BLOB) WHERE open_time = (SELECT "
         "max(open_time) FROM feature)");
  const VerifyReport touched = verify_file(path);
  CHECK(touched.features.different >= 1);
  CHECK(touched.first_difference.find(features::default_features()[1]) != std::string::npos);
}

TEST_CASE("a fact that the replay does not make is missing") {
  whole_run("extra", make_tape(9, 1000), {ThreadLayout::market, 8192, false});
  change(file_of("extra"),
         "INSERT INTO fill SELECT strategy, market, 9999, time, decided_on, side, quantity, price, fee, reason, "
         "sequence FROM fill LIMIT 1");
  const VerifyReport report = verify_file(file_of("extra"));
  CHECK(report.differences() == 1);
  CHECK(report.fills.missing == 1);
}

TEST_CASE("a restart with other settings is replayed with them from its place on") {
  const auto path = fresh("changed");
  const std::vector<Event> tape = make_tape(13, 3000);
  for (const std::string config : {"quick", "patient"}) {
    Session session(path, settings_named(path, config));
    REQUIRE(recover(session).has_value());
    if (config == "quick")
      REQUIRE(session.conveyor.control().try_push(
          Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
    const std::size_t half = tape.size() / 2;
    play(session, tape, config == "quick" ? 0 : half, config == "quick" ? half : tape.size(), false);
    session.conveyor.feed().close();
    while (session.conveyor.poll()) {
    }
  }
  const VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.runs == 2);
  CHECK(report.differences() == 0);
  change(path, "UPDATE run SET config = 'quick'");
  CHECK(verify_file(path).differences() > 0);
}

namespace {

// Runs one life with these settings over a part of the tape. It dies without draining, or ends cleanly.
void live(const std::filesystem::path& path, const std::string& config, const std::vector<Event>& part, bool dies) {
  Session session(path, settings_named(path, config));
  const auto recovered = session.conveyor.recover(past_runs(path).models_of(session.settings), past_runs(path));
  INFO((recovered ? "" : recovered.error().message));
  REQUIRE(recovered.has_value());
  if (recovered->running_model.empty()) {
    REQUIRE(session.conveyor.control().try_push(
        Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000"), std::nullopt))));
  }
  for (const Event& event : part) {
    while (session.conveyor.feed().full()) session.conveyor.poll();
    session.conveyor.feed().push(event.copy());
  }
  if (!dies) session.conveyor.feed().close();
  while (session.conveyor.poll()) {
  }
}

// Of one market, as the only one there is.
std::vector<Event> only(const std::vector<Event>& tape, std::size_t market) {
  std::vector<Event> part;
  for (const Event& event : tape) {
    if (index_of(event.market()) != market || event.kind() == EventKind::pause) continue;
    if (event.kind() == EventKind::trade) part.push_back(Event::of(MarketId{0}, event.trade()));
    if (event.kind() == EventKind::watermark) part.push_back(Event::of(MarketId{0}, event.watermark()));
    if (event.kind() == EventKind::sequence_gap) part.push_back(Event::sequence_gap(MarketId{0}, event.sequence_gap()));
  }
  return part;
}

std::vector<Event> cut(const std::vector<Event>& tape, std::size_t from, std::size_t to) {
  std::vector<Event> part;
  for (std::size_t i = from; i < to; ++i) part.push_back(tape[i].copy());
  return part;
}

}  // namespace

TEST_CASE("a process that died, and comes back with other settings, has lost nothing and changed nothing that was") {
  const auto path = fresh("changed_by_death");
  const std::vector<Event> tape = make_tape(17, 4000);
  const std::size_t quarter = tape.size() / 4;
  live(path, "quick", cut(tape, 0, quarter), true);
  const std::string before = dump(path);
  live(path, "patient", {}, true);
  CHECK(dump(path) == before);
  live(path, "patient", cut(tape, quarter, 2 * quarter), true);
  live(path, "quick", cut(tape, 2 * quarter, 3 * quarter), true);
  live(path, "quick", cut(tape, 3 * quarter, tape.size()), false);
  const VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.runs == 3);
  CHECK(report.differences() == 0);
  CHECK(report.compared() > 2000);
}

TEST_CASE("a market that is left out for a while goes on where it stood") {
  const auto path = fresh("left_out");
  const std::vector<Event> tape = make_tape(19, 4000);
  const std::size_t third = tape.size() / 3;
  live(path, "quick", cut(tape, 0, third), true);
  live(path, "one market", only(cut(tape, third, 2 * third), 0), true);
  live(path, "other market", only(cut(tape, third, 2 * third), 1), false);
  live(path, "quick", cut(tape, 2 * third, tape.size()), false);
  // Nothing was lost to it: the fills of each account are numbered through.
  const VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.runs == 4);
  CHECK(report.differences() == 0);
  CHECK(report.equity_points.compared > 500);
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  auto none = [](void*, int, char**, char**) { return 1; };
  CHECK(sqlite3_exec(handle,
                     "SELECT 1 FROM equity_point WHERE time = (SELECT max(time) FROM equity_point) AND market = 2 AND "
                     "cash = 1000000000000",
                     none, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

TEST_CASE("candles that were revised are compared with the trades they came of") {
  const auto path = fresh("revised");
  std::vector<Event> tape = make_tape(21, 1500);
  Trade late;
  late.id = 900;
  late.time = {1'735'689'600'000'000'000};
  late.price = Price::from_units(1);
  late.quantity = Quantity::from_units(1);
  tape.push_back(Event::of(MarketId{0}, late));
  live(path, "quick", tape, false);
  VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.differences() == 0);
  CHECK(report.revised_candles.compared > 0);
  change(path, "UPDATE candle SET low = low + 1 WHERE revision > 0 AND low = 1");
  report = verify_file(path);
  CHECK(report.revised_candles.different == 1);
  CHECK(report.first_difference.find("revised candle") != std::string::npos);
}

TEST_CASE("a candle that a revision made unknown has no row, and that is no difference") {
  const auto path = fresh("unknown_since");
  const MarketId market{0};
  {
    Session session(path, settings_named(path, "quick"));
    REQUIRE(recover(session).has_value());
    for (const Event& event : make_tape(23, 800)) session.conveyor.feed().push(event.copy());
    session.conveyor.feed().close();
    while (session.conveyor.poll()) {
    }
    // Rows of stored candles take the place of those of the run, as behind an import; then ids turn out to be missing.
    REQUIRE(rebuild_features(session.reader, session.writer, two_markets()[0], {}));
    Candle unknown = session.reader.candles(market, Timestamp{0}, Timestamp{INT64_MAX})[3];
    REQUIRE(unknown.state == CandleState::traded);
    unknown.state = CandleState::gap;
    REQUIRE(*session.writer.revise_candles(market, {&unknown, 1}) == 1);
    REQUIRE(session.writer.features_refreshed(market));
    REQUIRE(rebuild_features(session.reader, session.writer, two_markets()[0], {}));
  }
  VerifyReport report = verify_file(path);
  INFO(report.first_difference);
  CHECK(report.features.different == 0);
  CHECK(report.rebuilt_features > 10);
  // Of a candle that is known, the row must be there.
  change(path,
         "DELETE FROM feature WHERE market = 1 AND open_time = (SELECT max(open_time) FROM feature WHERE market = 1)");
  report = verify_file(path);
  CHECK(report.features.different == 1);
  CHECK(report.first_difference.find("feature row: the replay makes it, none is recorded") != std::string::npos);
}

TEST_CASE("a record that was cut, or of a model that is gone, is refused with its name") {
  const auto path = fresh("refused");
  live(path, "quick", make_tape(23, 600), false);
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}, {}});
  VerifyRequest request{.database = path, .past = past_runs(path), .settings = settings_named(path, "quick")};
  request.past.models_of = [](const EngineSettings&) -> LoadModel {
    return [](const std::string&) -> Result<std::shared_ptr<const Predictor>> { return refuse("it is gone"); };
  };
  const auto without_model = verify(request, log);
  REQUIRE_FALSE(without_model.has_value());
  CHECK(without_model.error().message.find(
            "model 20250101_000000 took over at event 1 and cannot be loaded: it is gone") != std::string::npos);
  change(path, "INSERT INTO record_bounds (market, trades_pruned_before) VALUES (1, 1735689600000000000)");
  const auto pruned = verify(request, log);
  REQUIRE_FALSE(pruned.has_value());
  CHECK(pruned.error().message.find("trades of kraken:BTC/USD before 2025-01-01T00:00:00Z were deleted") !=
        std::string::npos);
}

TEST_CASE("an account that its stored fills do not explain refuses the start") {
  const auto path = fresh("unexplained");
  live(path, "quick", make_tape(29, 1500), false);
  change(path, "UPDATE fill SET fee = fee + 1 WHERE number = 2 AND strategy = 2 AND market = 1");
  Session session(path, settings_named(path, "quick"));
  const auto recovered = session.conveyor.recover(past_runs(path).models_of(session.settings), past_runs(path));
  REQUIRE_FALSE(recovered.has_value());
  CHECK(recovered.error().message.find(
            "the stored fills of strategy ultra in kraken:BTC/USD do not explain its account") == 0);
}
