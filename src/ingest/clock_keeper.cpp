#include "ingest/clock_keeper.hpp"

namespace candled::ingest {
namespace {

constexpr Duration clock_every = Duration::minutes(10);

}  // namespace

net::Task<void> ClockKeeper::keep() {
  while (!loop_.stopping()) {
    RestResult<void> done = co_await rest_.ask_time();
    if (!done) continue;  // the host's limiter paces the next try
    confirmed_ = true;
    co_await wanted_.wait(clock_every);
  }
}

void ClockKeeper::connected() {
  if (clock_.known()) wanted_.notify();
}

}  // namespace candled::ingest
