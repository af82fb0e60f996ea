// candled status: the essentials of a running daemon, from its API.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "candled/cli/commands.hpp"
#include "candled/flow/signals.hpp"
#include "candled/net/endpoint.hpp"
#include "candled/net/fetch.hpp"
#include "candled/net/real_world.hpp"

namespace candled::cli {
namespace {

constexpr Duration watch_every = Duration::seconds(2);
constexpr unsigned ok = 200;
constexpr net::RestLimits limits{Duration::seconds(10), 16u << 20};

// Where a daemon that listens there is reached from this machine: 0.0.0.0 and [::] mean every address of it.
Result<net::Url> url_of(const std::string& listen) {
  const std::optional<net::Endpoint> place = net::split_endpoint(listen);
  if (!place || !place->port) return refuse(fmt::format("'{}' is not of the form ADDRESS:PORT", listen));
  if (*place->port == "0")
    return refuse("port 0 takes any that is free, so it cannot be told: name it with --address ADDRESS:PORT");
  net::Url url{"http", false, place->host, *place->port, ""};
  if (url.host == "0.0.0.0") url.host = "127.0.0.1";
  if (url.host == "::") url.host = "::1";
  return url;
}

Result<net::Fetched> ask(flow::World& world, const std::string& listen, const char* accept, const std::string& token) {
  const Result<net::Url> url = url_of(listen);
  if (!url) return std::unexpected(url.error());
  // By whatever name it is reached, the daemon is asked as what it is to itself: it answers to few names.
  net::Headers headers{{"Host", "localhost"}, {"Accept", accept}, {"Connection", "close"}};
  if (!token.empty()) headers.push_back({"Authorization", "Bearer " + token});
  Result<net::Fetched> got = net::fetch(world, *url, {"/api/v1/status", "status", {}, {}, headers, limits});
  if (!got) return retry(fmt::format("no daemon answers at {}: {}", listen, got.error().message));
  return got;
}

// Prints once; the exit code.
int show(flow::World& world, const config::Config& config, const StatusOptions& options) {
  const std::string listen = options.address.empty() ? config.server.listen : options.address;
  const Result<net::Fetched> answer =
      ask(world, listen, options.as_json ? "application/json" : "text/plain", config.server.token);
  if (!answer || answer->status != ok) {
    const std::string why = !answer                 ? answer.error().message
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
  const std::unique_ptr<flow::World> world = net::make_real_world();
  if (!options.watch) return show(*world, config, options);
  const bool on_terminal = ::isatty(STDOUT_FILENO) != 0 && !options.as_json;
  while (true) {
    if (on_terminal) fmt::print("\033[H\033[2J");
    show(*world, config, options);  // a daemon that restarts comes back
    if (flow::wait_for_signal(watch_every) == flow::SignalRequest::stop) return 0;
  }
}

}  // namespace candled::cli
