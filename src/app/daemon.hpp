// The daemon: every room wired together, from the feed to the page, until a signal ends it.
#pragma once

#include "candled/config/config.hpp"

namespace candled::app {

// Until SIGTERM or SIGINT; the exit code. Throws what cannot start.
int run_daemon(const config::Config& config);

}  // namespace candled::app
