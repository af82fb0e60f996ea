#include "net/dial.hpp"

#include <optional>

namespace candled::net {

Task<Result<flow::Peer>> find_peer(Loop& loop, const Url& url, const std::string& ca_file) {
  std::optional<Result<std::vector<std::string>>> found;
  Wait wait(loop);  // a look-up cannot be cut short, the wait for it can
  const std::unique_ptr<flow::Pending> lookup =
      loop.world().resolve(url.host, [&](Result<std::vector<std::string>> addresses) {
        found = std::move(addresses);
        wait.over();
      });
  co_await wait;
  if (loop.stopping() || !found) co_return retry("stopping");
  if (!*found) co_return retry("cannot find host " + url.host + ": " + found->error().message);
  co_return flow::Peer{url.host, std::move(**found), url.port, url.secure, ca_file};
}

}  // namespace candled::net
