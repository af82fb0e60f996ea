// Models in the stream: a challenger does not serve, an old model opens nothing, and what moved a prediction is stored with it.
#include <catch2/catch.hpp>

#include "candled/engine/promotion_request.hpp"
#include "candled/store/model_reader.hpp"
#include "engine/small_market.hpp"

namespace candled::engine::tests {
namespace {

const Timestamp tape_begin{1'735'689'600'000'000'000};

// Knows nothing of what came after `trained_to`, and says that the third feature moved it.
class ToldPredictor : public WavePredictor {
 public:
  ToldPredictor(std::string name, Timestamp trained_to)
      : WavePredictor(std::move(name), feature_lists(two_markets())[0].hash, 3.0), trained_to_(trained_to) {}
  Timestamp trained_to() const override { return trained_to_; }
  std::vector<Contribution> contributions(std::span<const double>, std::size_t count) const override {
    std::vector<Contribution> all = {{2, -0.5}, {0, 0.25}, {1, 0.125}};
    all.resize(std::min(all.size(), count));
    return all;
  }

 private:
  Timestamp trained_to_;
};

ModelRecord record_named(const std::string& name) {
  ModelRecord record;
  record.name = name;
  record.kind = "gbdt";
  record.metrics_json = "{}";
  return record;
}

std::string text_of(const std::filesystem::path& path, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::string text;
  auto append = [](void* out, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i)
      *static_cast<std::string*>(out) += std::string(values[i] == nullptr ? "NULL" : values[i]) + '|';
    return 0;
  };
  REQUIRE(sqlite3_exec(handle, sql, append, &text, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
  return text;
}

// The whole tape with one model from the start, and what `between` pushes half-way.
std::filesystem::path run_with(const std::string& name, EngineSettings settings, std::shared_ptr<const Predictor> model,
                               const std::function<void(Session&)>& between = {}) {
  const auto path = fresh(name);
  settings.database = path;
  Session session(path, settings);
  REQUIRE(recover(session).has_value());
  REQUIRE(session.conveyor.control().try_push(Event::of(
      std::make_unique<ModelSwap>(std::move(model), record_named("20250101_000000"), "the first", tape_begin))));
  const std::vector<Event> tape = make_tape(7, 6'000);
  const std::size_t none = tape.size();
  for (std::size_t i = 0; i < tape.size(); ++i) {
    if (i == tape.size() / 2 && between) {
      session.conveyor.feed().flush();
      while (session.conveyor.poll()) {  // control would overtake what waits
      }
      between(session);
    }
    while (session.conveyor.feed().full()) session.conveyor.poll();
    session.conveyor.feed().push(made(tape[i], i, none));
  }
  session.conveyor.feed().flush();
  session.conveyor.feed().close();
  while (session.conveyor.poll()) {
  }
  return path;
}

}  // namespace

TEST_CASE("a challenger is stored and does not serve; the next champion by name takes its alias away") {
  const EngineSettings settings = Session::make_settings("", {});
  const auto push = [](Session& session, ModelSwap model_swap) {
    REQUIRE(session.conveyor.control().try_push(Event::of(std::make_unique<ModelSwap>(std::move(model_swap)))));
  };
  const auto path = run_with("challenger", settings, model_named("20250101_000000"), [&](Session& session) {
    push(session, {nullptr, record_named("20250101_000009"), "", tape_begin});
  });
  CHECK(text_of(path, "SELECT model, alias FROM models ORDER BY 1") ==
        "20250101_000000|champion|20250101_000009|challenger|");
  CHECK(text_of(path, "SELECT DISTINCT model FROM predictions") == "20250101_000000|");
  CHECK(text_of(path, "SELECT model, why, decided FROM promotions") ==
        "20250101_000000|the first|2025-01-01T00:00:00Z|");

  const auto promoted = run_with("promoted", settings, model_named("20250101_000000"), [&](Session& session) {
    push(session, {nullptr, record_named("20250101_000009"), "", tape_begin});
    push(session, {model_named("20250101_000009"), record_named("20250101_000009"), "promoted by hand", tape_begin});
  });
  CHECK(text_of(promoted, "SELECT model, alias FROM models ORDER BY 1") ==
        "20250101_000000|NULL|20250101_000009|champion|");
  CHECK(text_of(promoted, "SELECT count(DISTINCT model) FROM predictions") == "2|");
  const store::ModelReader reader(promoted);
  CHECK(reader.champion() == "20250101_000009");
  CHECK(reader.last_model_swap() == "20250101_000009");
  CHECK(reader.promotions().size() == 2);
}

TEST_CASE("past its age a model still predicts, and opens no position") {
  EngineSettings settings = Session::make_settings("", {});
  settings.maximum_model_age = Duration::hours(1);
  const auto path = run_with("expired", settings, std::make_shared<ToldPredictor>("20250101_000000", tape_begin));
  const std::string deadline = "2025-01-01T01:00:00";
  CHECK(text_of(path, "SELECT count(*) > 50 FROM predictions WHERE expired") == "1|");
  CHECK(text_of(path, "SELECT count(*) FROM predictions WHERE expired = (open_time < '2025-01-01T01:00:00Z')") == "0|");
  CHECK(text_of(path,
                "SELECT count(*) > 0 FROM fills WHERE side = 'buy' AND strategy <> 'buy_and_hold' AND time < "
                "'2025-01-01T01:00:00'") == "1|");
  // An order of the last candle before may fill behind it.
  CHECK(text_of(path,
                "SELECT count(*) FROM fills WHERE side = 'buy' AND strategy <> 'buy_and_hold' AND time > "
                "'2025-01-01T01:02:00'") == "0|");
  settings.maximum_model_age = {};
  const auto ageless = run_with("ageless", settings, std::make_shared<ToldPredictor>("20250101_000000", tape_begin));
  CHECK(text_of(ageless, "SELECT count(*) FROM predictions WHERE expired") == "0|");
  CHECK(text_of(ageless, "SELECT count(*) > 0 FROM fills WHERE side = 'buy' AND time > '2025-01-01T01:02:00'") == "1|");
}

TEST_CASE("each prediction is stored with what moved it, largest first, as many as the settings say") {
  EngineSettings settings = Session::make_settings("", {});
  settings.contributions = 2;
  const auto path = run_with("contributions", settings, std::make_shared<ToldPredictor>("20250101_000000", tape_begin));
  const std::vector<std::string> names = feature_lists(two_markets())[0].names;
  CHECK(text_of(path, "SELECT count(*) FROM predictions WHERE contributions IS NULL") == "0|");
  CHECK(text_of(path, "SELECT DISTINCT json_array_length(contributions) FROM predictions") == "2|");
  CHECK(text_of(path,
                "SELECT DISTINCT json_extract(contributions, '$[0].feature'), json_extract(contributions, "
                "'$[0].contribution') FROM predictions") == names[2] + "|-0.5|");
  settings.contributions = 0;
  const auto without =
      run_with("unexplained", settings, std::make_shared<ToldPredictor>("20250101_000000", tape_begin));
  CHECK(text_of(without, "SELECT count(contributions) FROM predictions") == "0|");
}

TEST_CASE("a request is taken once, and whatever else lies in its place is refused") {
  const auto path = fresh("request");
  CHECK_FALSE(promotion_request_waits(path));
  REQUIRE(request_promotion(path, {RequestKind::rollback, "20250101_000000"}).has_value());
  CHECK(promotion_request_waits(path));
  const auto taken = take_promotion_request(path);
  REQUIRE((taken.has_value() && taken->has_value()));
  CHECK((*taken)->kind == RequestKind::rollback);
  CHECK((*taken)->model == "20250101_000000");
  CHECK_FALSE(take_promotion_request(path)->has_value());
  CHECK_FALSE(request_promotion(path, {RequestKind::promote, "../../etc"}).has_value());
  const std::filesystem::path file = path.string() + ".request";
  std::filesystem::create_symlink("/etc/passwd", file);
  CHECK_FALSE(take_promotion_request(path).has_value());
  CHECK_FALSE(promotion_request_waits(path));
  CHECK(std::filesystem::exists("/etc/passwd"));
}

}  // namespace candled::engine::tests
