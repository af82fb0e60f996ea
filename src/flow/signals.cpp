#include "candled/flow/signals.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

namespace candled::flow {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

// A file that is mapped into memory, such as the index of the database's log, was cut short by something else, or its disk fails.
void end_on_lost_memory(int /*signal*/) {
  constexpr std::string_view line =
      "candled: a file in use was cut short by something else (FILE-shm of the database?), or its disk gives errors "
      "(see "
      "dmesg); ended at once, start it again: it goes on from what is stored\n";
  (void)!::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(1);
}

}  // namespace

void block_signals() {
  struct sigaction lost{};
  lost.sa_handler = &end_on_lost_memory;
  ::sigaction(SIGBUS, &lost, nullptr);
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is then a full disk, and told as one
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
