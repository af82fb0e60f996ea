#include "candled/flow/thread.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "candled/flow/channel.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/pipeline.hpp"

using namespace candled;
using namespace candled::flow;

namespace {

// Takes what comes, and counts how often it was asked.
class Taker final : public Stage {
 public:
  explicit Taker(Receiver in) : in_(std::move(in)) {}
  std::string_view name() const override { return "taker"; }
  void attach(Parker& parker) override { in_.attach(parker); }
  Progress poll() override {
    polls.fetch_add(1);
    if (in_.pop()) return taken.fetch_add(1), Progress::busy;
    return in_.finished() ? Progress::done : Progress::idle;
  }
  std::atomic<int> polls{0}, taken{0};

 private:
  Receiver in_;
};

}  // namespace

TEST_CASE("a stage that gets a single event now and then sleeps at once behind it") {
  Channel channel = make_channel(64);
  Taker taker(std::move(channel.receiver));
  Pipeline pipeline({&taker});
  pipeline.start({{"taker", 1}});
  constexpr int events = 20;
  for (int i = 0; i < events; ++i) {
    REQUIRE(channel.sender.try_push(Event::probe()));
    channel.sender.flush();
    while (taker.taken.load() <= i) pause(Duration::milliseconds(1));
    pause(Duration::milliseconds(5));
  }
  const int polls = taker.polls.load();
  channel.sender.close();
  pipeline.join();
  INFO(polls << " polls for " << events << " events");
  CHECK(polls <= events * 6);  // the event, a look, and the look before it sleeps; with yields it was twenty
}

TEST_CASE("a worker that does not end in time is left alone, and ends later") {
  std::atomic<bool> goes_on{true}, begun{false};
  WorkerThread worker("worker", Duration::seconds(1), [&](const std::stop_token&) {
    begun = true;
    while (goes_on) pause(Duration::milliseconds(1));
  });
  worker.start_with_low_priority();
  while (!begun) pause(Duration::milliseconds(1));
  const Duration before = monotonic_now();
  CHECK_FALSE(worker.stop_within(Duration::milliseconds(50)));
  CHECK(monotonic_now() - before < Duration::seconds(5));
  goes_on = false;
  CHECK(worker.stop_within(Duration::seconds(30)));
  CHECK(worker.stop_within(Duration::milliseconds(0)));  // has ended
}

TEST_CASE("a worker that waits for its next turn ends at once") {
  WorkerThread worker("worker", Duration::hours(1), [](const std::stop_token&) {});
  worker.start_with_low_priority();
  CHECK(worker.stop_within(Duration::seconds(30)));
  WorkerThread never_started("worker", Duration::hours(1), [](const std::stop_token&) {});
  CHECK(never_started.stop_within(Duration::seconds(1)));
}

TEST_CASE("a stop deadline ends the process with the code of that moment, and not one that ended in time") {
  const auto code_of = [](Duration work) {
    const pid_t child = ::fork();
    if (child == 0) {
      {
        const StopDeadline deadline(Duration::milliseconds(200), [] { return 7; });
        pause(work);
      }
      std::_Exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  CHECK(code_of(Duration::milliseconds(1)) == 0);
  CHECK(code_of(Duration::seconds(30)) == 7);
}
