// The one file that knows Boost.Beast: sockets, HTTP/1.1, limits and time limits.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
// gcc 12 with sanitizers takes an empty boost::optional in Beast's parser for an uninitialized one.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <boost/beast/http.hpp>
#pragma GCC diagnostic pop
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <optional>

#include "candled/flow/clock.hpp"
#include "candled/server/server.hpp"
#include "server/access.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t header_bytes_max = 8 * 1024;
constexpr std::size_t buffer_bytes_max = 2 * header_bytes_max;  // a header and what is pipelined behind it
constexpr std::size_t drained_bytes_max = 256 * 1024;           // read and thrown away before a refused client is cut
constexpr Duration drain_time = Duration::seconds(2);
constexpr Duration query_time = Duration::seconds(2);   // all queries of one request together
constexpr std::chrono::milliseconds accept_pause{100};  // after a failed accept, such as out of descriptors
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

// What every connection shares. Lives on the thread in run().
struct Shared {
  const ServerSettings& settings;
  AccessRules access;
  Routes& routes;
  HttpStatistics& http;
  flow::Log& log;
  Duration& query_deadline;
};

Response answer_of(Shared& shared, const Request& request) {
  if (std::optional<Response> refused = refusal(shared.access, request)) return *refused;
  shared.query_deadline = flow::monotonic_now() + query_time;
  try {
    return shared.routes.answer(request);
  } catch (const std::exception& error) {
    shared.log.error("http request failed", {{"target", request.target}, {"error", error.what()}});
    return error_response(500, "the request failed; the log says why");
  }
}

std::optional<std::string> only_value(const http::fields& fields, http::field name) {
  if (fields.count(name) != 1) return std::nullopt;
  return std::string(fields[name]);
}

// One connection: reads a header, answers, and again. Owned by the operation it waits for.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    ++shared_.http.connections;
  }
  ~Session() { --shared_.http.connections; }

  void read() {
    parser_.emplace();
    parser_->header_limit(header_bytes_max);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // a body is refused below, whatever its size
    expire_after(shared_.settings.timeout);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
  }

 private:
  void expire_after(Duration duration) { stream_.expires_after(std::chrono::nanoseconds(duration.ns)); }

  void on_header(error_code error) {
    if (error) return on_bad_header(error);
    const auto& header = parser_->get();
    const bool head = header.method() == http::verb::head;
    const bool keep_alive = header.keep_alive() && parser_->is_done();
    if (!head && header.method() != http::verb::get) {
      Response response = error_response(405, "GET and HEAD only");
      response.headers.emplace_back("Allow", "GET, HEAD");
      return write(std::move(response), false, keep_alive);
    }
    if (!parser_->is_done()) return write(error_response(413, "a request has no body here"), head, false);
    const Request request{std::string(header.target()), only_value(header, http::field::host),
                          only_value(header, http::field::authorization)};
    write(answer_of(shared_, request), head, keep_alive);
  }

  void on_bad_header(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      return write(error_response(431, fmt::format("the header is larger than {} bytes", header_bytes_max)), false,
                   false);
    }
    const bool gone = error.category() != http::make_error_code(http::error::bad_method).category() ||
                      error == http::error::end_of_stream || error == http::error::partial_message;
    if (!gone) write(error_response(400, "this is not HTTP/1.1"), false, false);
  }

  void write(Response response, bool head, bool keep_alive) {
    ++shared_.http.responses[response.status];
    http::response<http::string_body> message{static_cast<http::status>(response.status), 11};
    message.set(http::field::content_type, response.content_type);
    message.set(http::field::cache_control, "no-store");
    message.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.keep_alive(keep_alive);
    message.content_length(response.body.size());
    if (head) {
      start_write(http::message_generator(http::response<http::empty_body>(std::move(message.base()))), keep_alive);
    } else {
      message.body() = std::move(response.body);
      start_write(http::message_generator(std::move(message)), keep_alive);
    }
  }

  void start_write(http::message_generator message, bool keep_alive) {
    expire_after(shared_.settings.timeout);
    beast::async_write(stream_, std::move(message),
                       [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                         if (error) return;
                         if (keep_alive) return self->read();
                         self->finish();
                       });
  }

  // Closing over unread bytes would reset the connection, and the client would lose the answer.
  void finish() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    expire_after(drain_time);
    drain();
  }

  void drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(buffer_bytes_max / 2),
                            [self = shared_from_this()](error_code error, std::size_t bytes) {
                              self->drained_ += bytes;
                              if (!error && self->drained_ < drained_bytes_max) self->drain();
                            });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{buffer_bytes_max};
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::size_t drained_ = 0;
  Shared& shared_;
};

ListenAddress checked_address(const ServerSettings& settings) {
  Result<ListenAddress> listen = parse_listen(settings.listen);
  if (!listen) throw ServerError(listen.error().message);
  if (!listen->loopback && settings.token.empty()) {
    throw ServerError(
        fmt::format("cannot listen on {}: other machines reach it, which needs a [server] token", settings.listen));
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
        routes(settings.markets, sources, http, journal),
        shared{settings, {address.loopback, settings.token}, routes, http, log, query_deadline},
        acceptor(bound(io, settings, address)) {
    const tcp::endpoint endpoint = acceptor.local_endpoint();
    const bool v6 = endpoint.address().is_v6();
    const std::string text = endpoint.address().to_string();
    log.info("http server listens",
             {{"url", fmt::format("http://{}{}{}:{}", v6 ? "[" : "", text, v6 ? "]" : "", endpoint.port())}});
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return accept_later();
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
  Routes routes;
  Shared shared;
  asio::io_context io{1};  // owns the connections, so it goes before what they share
  tcp::acceptor acceptor;
  asio::steady_timer pause{io};

 private:
  void take(tcp::socket socket) {
    if (http.connections < static_cast<std::int64_t>(settings.connections_max)) {
      return std::make_shared<Session>(std::move(socket), shared)->read();
    }
    ++http.refused_connections;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(too_many), ignored);
  }

  void accept_later() {
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
  implementation_->accept();
  implementation_->io.run();
}

void Server::request_stop() { implementation_->request_stop(); }

}  // namespace candled::server
