#include "candled/flow/channel.hpp"

#include <catch2/catch.hpp>
#include <thread>
#include <type_traits>

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
    while (Event* event = in_.front()) {
      if (out_ && !out_->try_push(*event)) break;
      if (!out_) received.push_back(event->trade().id);
      in_.pop();
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
  void attach(Parker& parker) {
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
  StageThread middle_thread("middle", {&middle});
  StageThread last_thread("last", {&last});
  Parker own;
  first.sender.attach(own);
  middle.attach(middle_thread.parker());
  last.attach(last_thread.parker());
  middle_thread.start();
  last_thread.start();
  for (std::int64_t id = 1; id <= count; ++id) {
    first.sender.push(trade_event(id));
    if (id % 7 == 0) first.sender.flush();
    if (id % 1000 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));  // lets the others park
  }
  first.sender.close();
  middle_thread.join();
  last_thread.join();
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
  CHECK(channel.receiver.front()->trade().id == 1);
  channel.receiver.pop();
  CHECK(channel.sender.try_push(trade_event(3)));
  channel.sender.close();
  CHECK_FALSE(channel.receiver.finished());
  channel.receiver.pop();
  channel.receiver.pop();
  CHECK(channel.receiver.finished());
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
