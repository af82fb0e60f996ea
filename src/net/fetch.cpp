#include "candled/net/fetch.hpp"

#include "candled/net/loop.hpp"
#include "net/http_connection.hpp"

namespace candled::net {
namespace {

Task<void> ask(HttpConnection& connection, const RestRequest& request, Result<Fetched>& fetched) {
  Result<void> done = co_await connection.ask(request);
  if (!done) {
    fetched = std::unexpected(done.error());
    co_return;
  }
  fetched = Fetched{connection.status(), connection.headers(), connection.body()};
}

}  // namespace

Result<Fetched> fetch(flow::World& world, const Url& url, const RestRequest& request, const std::string& ca_file) {
  Result<Fetched> fetched = retry("stopped");
  Loop loop(world);
  HttpConnection connection(loop, url, ca_file);
  loop.spawn(ask(connection, request, fetched));
  loop.run({});
  return fetched;
}

}  // namespace candled::net
