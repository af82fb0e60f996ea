// The listening socket and what lives as long as the server.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "candled/flow/clock.hpp"
#include "candled/server/server.hpp"
#include "server/access.hpp"
#include "server/connection.hpp"
#include "server/journal_watch.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

namespace asio = boost::asio;
using tcp = boost::asio::ip::tcp;
using boost::system::error_code;

constexpr Duration query_time = Duration::seconds(2);   // all queries of one request together
constexpr std::chrono::milliseconds accept_pause{100};  // after a failed accept, such as out of descriptors
constexpr std::chrono::seconds watch_every{1};
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

ListenAddress checked_address(const ServerSettings& settings) {
  Result<ListenAddress> listen = parse_listen(settings.listen);
  if (!listen) throw ServerError(listen.error().message);
  if (!listen->loopback && settings.token.empty()) {
    throw ServerError(
        fmt::format("cannot listen on {}: other machines reach it, which needs a [server] token", settings.listen));
  }
  if (!listen->loopback && settings.token.size() < reachable_token_length_min) {
    throw ServerError(fmt::format(
        "cannot listen on {}: other machines reach it, which needs a [server] token of {} characters or more",
        settings.listen, reachable_token_length_min));
  }
  return *listen;
}

tcp::acceptor bound(asio::io_context& io, const ServerSettings& settings, const ListenAddress& listen) {
  try {
    return tcp::acceptor(io, tcp::endpoint(asio::ip::make_address(listen.address), listen.port), true);
  } catch (const boost::system::system_error& error) {
    std::string reason = error.code().message();
    if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z') reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
    throw ServerError(fmt::format("cannot listen on {}: {}", settings.listen, reason));
  }
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(ServerSettings given, ServerSources given_sources, flow::Log& log)
      : settings(std::move(given)),
        sources(std::move(given_sources)),
        address(checked_address(settings)),
        journal(settings.database, [this] { return !stopping.raised() && flow::monotonic_now() < query_deadline; }),
        watch(journal),
        routes(settings, sources, http, journal, watch),
        feed(journal, sources),
        limiter(settings.requests_per_second),
        shared{settings, {address.loopback, settings.token}, routes, http, log, limiter,
               streams,  [this] { set_deadline(); }},
        streams(io, settings, feed, http, [this] { set_deadline(); }),
        acceptor(bound(io, settings, address)) {
    const tcp::endpoint endpoint = acceptor.local_endpoint();
    const bool v6 = endpoint.address().is_v6();
    const std::string text = endpoint.address().to_string();
    log.info("http server listens",
             {{"url", fmt::format("http://{}{}{}:{}", v6 ? "[" : "", text, v6 ? "]" : "", endpoint.port())}});
  }

  void set_deadline() { query_deadline = flow::monotonic_now() + query_time; }

  void watch_journal() {
    set_deadline();
    watch.look(flow::monotonic_now());
    watching.expires_after(watch_every);
    watching.async_wait([this](error_code error) {
      if (!error) watch_journal();
    });
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return accept_later(error);
      take(std::move(socket));
      accept();
    });
  }

  void request_stop() {
    stopping.raise();
    io.stop();
  }

  ServerSettings settings;
  ServerSources sources;
  ListenAddress address;
  flow::Flag stopping;
  Duration query_deadline = flow::monotonic_now() + query_time;
  HttpStatistics http;
  store::ViewReader journal;
  JournalWatch watch;
  Routes routes;
  StreamFeed feed;
  RateLimiter limiter;
  Shared shared;
  asio::io_context io{1};  // owns the connections, so it goes before what they share
  StreamClients streams;
  tcp::acceptor acceptor;
  asio::steady_timer pause{io}, watching{io};
  bool told_no_room = false;

 private:
  void take(tcp::socket socket) {
    const bool room = http.connections < static_cast<std::int64_t>(settings.connections_max);
    if (room || close_longest_waiting(shared)) return serve(std::move(socket), shared);
    ++http.refused_connections;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(too_many), ignored);
  }

  // Out of descriptors: an idle client gives up its own.
  void accept_later(error_code why) {
    const bool closed = close_longest_waiting(shared);
    if (!told_no_room) {
      shared.log.warning(
          "an http connection cannot be accepted",
          {{"why", why.message()}, {"next", closed ? "an idle one was closed" : "trying again; raise ulimit -n"}});
    }
    told_no_room = true;
    pause.expires_after(accept_pause);
    pause.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }
};

Server::Server(ServerSettings settings, ServerSources sources, flow::Log& log)
    : implementation_(std::make_unique<Implementation>(std::move(settings), std::move(sources), log)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return implementation_->acceptor.local_endpoint().port(); }

void Server::run() {
  implementation_->watch_journal();
  implementation_->accept();
  implementation_->io.run();
}

void Server::request_stop() { implementation_->request_stop(); }

}  // namespace candled::server
