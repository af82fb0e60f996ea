#include "candled/flow/channel.hpp"

#include <catch2/catch.hpp>
#include <thread>
#include <type_traits>

#include "candled/domain/predictor.hpp"
#include "candled/flow/pipeline.hpp"
#include "candled/flow/thread.hpp"

using namespace candled;
using namespace candled::flow;

namespace {

Event trade_event(std::int64_t id) {
  Trade trade;
  trade.id = id;
  return Event::of(MarketId{0}, trade);
}

// Passes every event on; `received` keeps the ids where there is no output.
class PassingStage : public Stage {
 public:
  PassingStage(Receiver in, std::optional<Sender> out) : in_(std::move(in)), out_(std::move(out)) {}
  std::string_view name() const override { return "passing"; }
  Progress poll() override {
    bool moved = false;
    while (!out_ || !out_->full()) {
      std::optional<Event> event = in_.pop();
      if (!event) break;
      if (!out_) received.push_back(event->trade().id);
      if (out_) out_->push(std::move(*event));
      moved = true;
    }
    if (moved) in_.release();
    if (moved && out_) out_->flush();
    if (!moved && in_.finished()) {
      if (out_) out_->close();
      return Progress::done;
    }
    return moved ? Progress::busy : Progress::idle;
  }
  void attach(Parker& parker) override {
    in_.attach(parker);
    if (out_) out_->attach(parker);
  }
  std::vector<std::int64_t> received;

 private:
  Receiver in_;
  std::optional<Sender> out_;
};

// Three threads, two channels: every event arrives once and in order, whatever the capacity.
void check_conveyor(std::size_t capacity, std::int64_t count) {
  INFO("capacity " << capacity);
  Channel first = make_channel(capacity);
  Channel second = make_channel(capacity);
  PassingStage middle(std::move(first.receiver), std::move(second.sender));
  PassingStage last(std::move(second.receiver), std::nullopt);
  Pipeline pipeline({&middle, &last});
  Parker own;
  first.sender.attach(own);
  pipeline.start({{"middle"}, {"last"}});
  for (std::int64_t id = 1; id <= count; ++id) {
    first.sender.push(trade_event(id));
    if (id % 7 == 0) first.sender.flush();
    if (id % 1000 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));  // lets the others park
  }
  first.sender.close();
  pipeline.join();
  REQUIRE(last.received.size() == static_cast<std::size_t>(count));
  for (std::int64_t id = 1; id <= count; ++id) REQUIRE(last.received[static_cast<std::size_t>(id - 1)] == id);
}

}  // namespace

TEST_CASE("a channel has one sender and one receiver, and both refuse to be copied") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Sender>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Receiver>);
  STATIC_REQUIRE(sizeof(Event) == 64);
}

TEST_CASE("a full channel says so and takes more after a pop") {
  Channel channel = make_channel(2);
  CHECK(channel.sender.try_push(trade_event(1)));
  CHECK(channel.sender.try_push(trade_event(2)));
  CHECK_FALSE(channel.sender.try_push(trade_event(3)));
  CHECK(channel.receiver.pop()->trade().id == 1);
  CHECK(channel.sender.try_push(trade_event(3)));
  channel.sender.close();
  CHECK_FALSE(channel.receiver.finished());
  CHECK(channel.receiver.pop()->trade().id == 2);
  CHECK(channel.receiver.pop()->trade().id == 3);
  CHECK_FALSE(channel.receiver.pop().has_value());
  CHECK(channel.receiver.finished());
}

namespace {

// Counts how many of them live.
struct Counted : Predictor {
  explicit Counted(int& given) : living(given) { ++living; }
  ~Counted() override { --living; }
  const std::string& name() const override { return text; }
  const std::string& feature_hash() const override { return text; }
  Duration horizon() const override { return Duration::minutes(1); }
  double predict(std::span<const double>) const override { return 0.5; }
  int& living;
  std::string text;
};

Event owner(int& living) { return Event::of(std::make_unique<ModelSwap>(std::make_shared<Counted>(living))); }

}  // namespace

TEST_CASE("an event frees what it owns once, wherever it ends: replaced, taken from a channel, or left in one") {
  int living = 0;
  {
    Event event = owner(living);
    event = owner(living);
    CHECK(living == 1);
    Event moved = std::move(event);
    CHECK(living == 1);
    CHECK(event.kind() == EventKind::probe);  // NOLINT(bugprone-use-after-move): that is what is promised
    const Event second = moved.copy();
    CHECK(second.model_swap().predictor == moved.model_swap().predictor);
  }
  CHECK(living == 0);
  {
    Channel channel = make_channel(2);
    for (int i = 0; i < 5; ++i) {  // around the ring's end
      CHECK(channel.sender.try_push(owner(living)));
      CHECK(channel.receiver.pop()->kind() == EventKind::model_swap);
      CHECK(living == 0);
    }
    CHECK(channel.sender.try_push(owner(living)));
    CHECK(channel.sender.try_push(owner(living)));
    Event refused = owner(living);
    CHECK_FALSE(channel.sender.try_push(std::move(refused)));
    CHECK(refused.kind() == EventKind::model_swap);  // NOLINT(bugprone-use-after-move): it stays with the caller
    CHECK(living == 3);
  }
  CHECK(living == 0);
}

TEST_CASE("a pipeline on the caller's thread moves everything to its end and is done behind a close") {
  Channel first = make_channel(2), second = make_channel(1);
  PassingStage middle(std::move(first.receiver), std::move(second.sender)),
      last(std::move(second.receiver), std::nullopt);
  Pipeline pipeline({&middle, &last});
  for (std::int64_t id = 1; id <= 9; ++id) {
    if (first.sender.full()) pipeline.drain();
    first.sender.push(trade_event(id));
  }
  first.sender.close();
  while (pipeline.poll()) {
  }
  CHECK(last.received == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK_FALSE(pipeline.poll());
}

TEST_CASE("threads hand over every event once and in order, parking and waking on the way") {
  check_conveyor(1, 5'000);
  check_conveyor(4, 50'000);
  check_conveyor(65'536, 200'000);
}

TEST_CASE("a worker runs at its period, at once when nudged, and stops") {
  std::atomic<int> calls{0};
  WorkerThread worker("worker", Duration::hours(1), [&](std::stop_token) { calls.fetch_add(1); });
  worker.start_with_low_priority();
  while (calls.load() < 1) std::this_thread::yield();
  worker.nudge();
  while (calls.load() < 2) std::this_thread::yield();
  worker.stop();
  CHECK(calls.load() == 2);
}
