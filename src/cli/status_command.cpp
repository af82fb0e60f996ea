// candled status: the essentials of a running daemon, from its API.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "candled/cli/commands.hpp"
#include "cli/http_get.hpp"
#include "candled/flow/signals.hpp"
#include "candled/flow/clock.hpp"

namespace candled::cli {
namespace {

constexpr Duration watch_every = Duration::seconds(2);
constexpr int ok = 200;

// Prints once; the exit code.
int show(const config::Config& config, const StatusOptions& options) {
  const std::string listen = options.address.empty() ? config.server.listen : options.address;
  const char* accept = options.as_json ? "application/json" : "text/plain";
  const Result<HttpAnswer> answer = http_get(listen, "/api/v1/status", accept, config.server.token);
  if (!answer || answer->status != ok) {
    const std::string why = !answer                  ? answer.error().message
                            : answer->status == 401 ? "the daemon wants another token than the config's"
                                                    : fmt::format("the daemon answered {}", answer->status);
    fmt::print(stderr, "candled: {}\n", why);
    return 1;
  }
  fmt::print("{}", answer->body);
  std::fflush(stdout);
  return 0;
}

}  // namespace

int run_status(const config::Config& config, const StatusOptions& options) {
  if (!config.server.enabled) {
    fmt::print(stderr, "candled: [server] of the config is not enabled, so a daemon tells nothing\n");
    return 1;
  }
  if (!options.watch) return show(config, options);
  const bool on_terminal = ::isatty(STDOUT_FILENO) != 0 && !options.as_json;
  while (true) {
    if (on_terminal) fmt::print("\033[H\033[2J");
    show(config, options);  // a daemon that restarts comes back
    if (flow::wait_for_signal(watch_every) == flow::SignalRequest::stop) return 0;
  }
}

}  // namespace candled::cli
