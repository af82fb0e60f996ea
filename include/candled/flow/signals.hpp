// Signals as values: blocked in every thread, waited for by the main thread alone.
#pragma once

#include "candled/domain/time.hpp"

namespace candled::flow {

enum class SignalRequest { none, stop, reload };

// Call first in main, before any thread exists; SIGPIPE is ignored, and SIGBUS (a mapped file was cut short) is one line and exit code 1.
void block_signals();
// Waits at most `timeout`.
SignalRequest wait_for_signal(Duration timeout);
// True once SIGINT or SIGTERM has arrived; for long work that asks between steps.
bool stop_requested();

}  // namespace candled::flow
