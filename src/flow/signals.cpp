#include "candled/flow/signals.hpp"

#include <csignal>
#include <ctime>

namespace candled::flow {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

SignalRequest wait_for_signal(Duration timeout) {
  const sigset_t set = watched();
  const timespec wait{timeout.ns / 1'000'000'000, timeout.ns % 1'000'000'000};
  switch (sigtimedwait(&set, nullptr, &wait)) {
    case SIGINT:
    case SIGTERM: return SignalRequest::stop;
    case SIGHUP: return SignalRequest::reload;
    default: return SignalRequest::none;
  }
}

bool stop_requested() {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

}  // namespace candled::flow
