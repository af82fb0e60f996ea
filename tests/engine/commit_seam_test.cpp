// What stands behind the commit: observers, which see what is committed and cannot hold it up, and background tasks in their order. And
// what a run that is interrupted leaves behind: nothing.
#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "candled/flow/clock.hpp"
#include "candled/flow/thread.hpp"
#include "engine/background_tasks.hpp"
#include "small_market.hpp"

using namespace candled;
using namespace candled::engine;
using namespace candled::engine::tests;

namespace {

// Trades, as they are told; stuck from the first one on until it is let go.
class TradeObserver : public CommitObserver {
 public:
  explicit TradeObserver(const std::filesystem::path* file = nullptr) : file_(file) {}
  bool wants(EventKind kind) const override { return kind == EventKind::trade; }
  void committed(const Event& event) noexcept override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !stuck_; });
    if (file_ != nullptr && !reader_) reader_.emplace(*file_, two_markets());
    if (reader_ && !reader_->trade(event.market(), event.trade().id)) ++not_in_file;
    sequences.push_back(event.sequence);
  }
  void missed(std::int64_t events) noexcept override {
    missed_events += events;
    ++times_missed;
  }
  void hold() {
    const std::lock_guard lock(mutex_);
    stuck_ = true;
  }
  void let_go() {
    {
      const std::lock_guard lock(mutex_);
      stuck_ = false;
    }
    changed_.notify_all();
  }

  std::vector<std::int64_t> sequences;
  std::int64_t not_in_file = 0, missed_events = 0, times_missed = 0;

 private:
  const std::filesystem::path* file_;
  std::optional<store::Reader> reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stuck_ = false;
};

// That play() pushes: one place of the tape is taken by a model.
std::int64_t trades_played(const std::vector<Event>& tape) {
  const bool replaced = tape[tape.size() / 4].kind() == EventKind::trade;
  return std::ranges::count(tape, EventKind::trade, &Event::kind) - (replaced ? 1 : 0);
}

class Recorded : public BackgroundTask {
 public:
  Recorded(std::string name, int work, std::string& steps) : name_(std::move(name)), work_(work), steps_(steps) {}
  std::string_view name() const override { return name_; }
  bool step(Moment) override {
    if (work_ == 0) return false;
    --work_;
    steps_ += name_;
    return true;
  }

 private:
  const std::string name_;
  int work_;
  std::string& steps_;
};

}  // namespace

TEST_CASE("an observer sees every committed event that it wants, once, in order, and when it is in the file") {
  const auto layout = GENERATE(ThreadLayout::market, ThreadLayout::stages, ThreadLayout::inline_journal);
  const std::vector<Event> tape = make_tape(41, 3'000);
  const auto path = fresh("observed");
  TradeObserver observer(&path);
  {
    Session session(path, Session::make_settings(path, Run{layout}), {&observer});
    REQUIRE(recover(session).has_value());
    flow::Parker own;
    session.conveyor.feed().attach(own);
    session.conveyor.start();
    play(session, tape, 0, tape.size(), true);
    session.conveyor.feed().close();
    session.conveyor.join();
    CHECK(session.statistics.unobserved.value() == 0);
  }
  CHECK(static_cast<std::int64_t>(observer.sequences.size()) == trades_played(tape));
  CHECK(std::ranges::is_sorted(observer.sequences, std::less_equal<>()));
  CHECK(observer.not_in_file == 0);
  CHECK(observer.times_missed == 0);
}

TEST_CASE("a stuck observer holds up no commit: what it missed is counted and told, and the file is the same") {
  const std::vector<Event> tape = make_tape(43, 40'000);
  const auto path = fresh("stuck");
  TradeObserver observer;
  observer.hold();
  {
    Session session(path, Session::make_settings(path, Run{}), {&observer});
    REQUIRE(recover(session).has_value());
    REQUIRE(
        session.conveyor.control().try_push(Event::of(std::make_unique<ModelSwap>(model_named("20250101_000000")))));
    flow::Parker own;
    session.conveyor.feed().attach(own);
    session.conveyor.start();
    play(session, tape, 0, tape.size(), true);
    // Every event of the tape is in the file while the observer still has the first one in its hands.
    const auto head_events = static_cast<std::int64_t>(tape.size()) + 1;
    const Duration began = flow::monotonic_now();
    while (session.statistics.committed_sequence.value() < head_events &&
           flow::monotonic_now() - began < Duration::seconds(60)) {
      flow::pause(Duration::milliseconds(2));
    }
    CHECK(session.statistics.committed_sequence.value() >= head_events);
    CHECK(session.statistics.unobserved.value() > 1'000);
    observer.let_go();
    session.conveyor.feed().close();
    session.conveyor.join();
    CHECK(observer.missed_events == session.statistics.unobserved.value());
  }
  const auto seen = static_cast<std::int64_t>(observer.sequences.size());
  CHECK(seen < trades_played(tape));
  CHECK(seen + observer.missed_events >= trades_played(tape));  // what the log missed is among them
  CHECK(std::ranges::is_sorted(observer.sequences, std::less_equal<>()));
  CHECK(dump(path) == whole_run("unstuck", tape, Run{}));
}

TEST_CASE("a run that is interrupted between any two stations frees all that its events own") {
  const std::vector<Event> tape = make_tape(47, 400);
  const std::shared_ptr<const Predictor> model = model_named("20250101_000000");
  for (int polls = 0; polls < 30; ++polls) {
    const auto path = fresh("freed");
    Run small;
    small.queue_capacity = 3;
    small.events_per_checkpoint = 20;
    {
      Session session(path, small);
      REQUIRE(recover(session).has_value());
      for (int i = 0; i < 9; ++i)
        REQUIRE(session.conveyor.control().try_push(Event::of(std::make_unique<ModelSwap>(model))));
      for (const Event& event : tape) {
        if (session.conveyor.feed().full()) break;
        session.conveyor.feed().push(event.copy());
      }
      for (int i = 0; i < polls; ++i) session.conveyor.poll();
      CHECK(model.use_count() > 1);
    }
    REQUIRE(model.use_count() == 1);
  }
}

TEST_CASE("idle time goes to the first background task that has work; behind a commit each gets a step") {
  std::string steps;
  BackgroundTasks::List list;
  list.push_back(std::make_unique<Recorded>("a", 2, steps));
  list.push_back(std::make_unique<Recorded>("b", 4, steps));
  list.push_back(std::make_unique<Recorded>("c", 1, steps));
  BackgroundTasks tasks(std::move(list));
  tasks.step_behind_commit();
  CHECK(steps == "abc");
  while (tasks.step_idle()) {
  }
  CHECK(steps == "abcabbb");
}

TEST_CASE(
    "a late trade that comes while its candle's revision walks on has its candle revised as well, and nothing stays "
    "due") {
  const auto path = fresh("walk");
  constexpr Timestamp start{1'735'689'600'000'000'000};
  Session session(path, Run{});
  REQUIRE(recover(session).has_value());
  const auto push_trade = [&](int minute, int place) {  // made ids: those that are missing prove nothing
    Trade trade;
    trade.id = -1'000'000 + 10 * minute + place;
    trade.time = trade.received = start + Duration::minutes(minute) + Duration::seconds(place);
    trade.price = *Price::parse("100");
    trade.quantity = *Quantity::parse("1");
    REQUIRE(session.conveyor.feed().try_push(Event::of(MarketId{0}, trade)));
  };
  const auto push_watermark = [&](int second) {
    const Timestamp time = start + Duration::minutes(200) + Duration::seconds(second);
    REQUIRE(session.conveyor.feed().try_push(Event::of(MarketId{0}, Watermark{time, time})));
  };
  const auto trades_of = [&](int minute) {
    const Timestamp from = start + Duration::minutes(minute);
    return session.reader.candles(MarketId{0}, from, from + Duration{1}).at(0).trades;
  };
  REQUIRE(session.conveyor.feed().try_push(Event::of(MarketId{0}, Watermark{start, start})));
  for (int minute = 0; minute < 200; ++minute) push_trade(minute, 1);
  push_watermark(2);
  while (session.conveyor.poll()) {
  }
  push_trade(5, 2);
  push_trade(150, 2);
  push_watermark(3);
  session.conveyor.poll();  // commits them, and makes the first step of their revision
  REQUIRE(trades_of(5) == 2);
  REQUIRE(trades_of(150) == 1);
  push_trade(6, 2);  // behind the step, in front of the walk's end
  push_watermark(4);
  while (session.conveyor.poll()) {
  }
  CHECK(trades_of(6) == 2);
  CHECK(trades_of(150) == 2);
  CHECK_FALSE(session.reader.revision_due(MarketId{0}).has_value());
}
