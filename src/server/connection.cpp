// HTTP/1.1 on one connection: the one file that knows Boost.Beast. Limits and time limits stand here.
#include "server/connection.hpp"

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
#include "server/delivery.hpp"

namespace candled::server {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t header_bytes_max = 8 * 1024;
constexpr std::size_t buffer_bytes_max = 2 * header_bytes_max;  // a header and what is pipelined behind it
constexpr std::size_t drained_bytes_max = 256 * 1024;           // read and thrown away before a refused client is cut
constexpr Duration drain_time = Duration::seconds(2);

std::optional<std::string> only_value(const http::fields& fields, http::field name) {
  if (fields.count(name) != 1) return std::nullopt;
  return std::string(fields[name]);
}

Method method_of(http::verb verb) {
  if (verb == http::verb::get || verb == http::verb::head) return Method::get;
  return verb == http::verb::post ? Method::post : Method::other;
}

Request request_of(const http::fields& fields, http::verb verb, std::string target) {
  const auto text = [&](http::field name) { return only_value(fields, name).value_or(""); };
  return {std::move(target),
          only_value(fields, http::field::host),
          only_value(fields, http::field::authorization),
          method_of(verb),
          text(http::field::accept),
          text(http::field::accept_encoding),
          text(http::field::if_none_match),
          std::string(fields.count("Last-Event-ID") == 1 ? fields["Last-Event-ID"] : "")};
}

std::string stream_header(const Response& response) {
  std::string header = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n";
  for (const auto& [name, value] : response.headers) header += fmt::format("{}: {}\r\n", name, value);
  return header + "\r\n";
}

}  // namespace

// Reads a header, answers, and again. Owned by the operation it waits for.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    ++shared_.http.connections;
    error_code error;
    const tcp::endpoint peer = stream_.socket().remote_endpoint(error);
    if (!error) address_ = peer.address().to_string();
    stream_.socket().set_option(tcp::no_delay(true), error);
  }
  ~Connection() {
    stop_waiting();
    --shared_.http.connections;
  }

  void read() {
    parser_.emplace();
    parser_->header_limit(header_bytes_max);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // a body is refused below, whatever its size
    expire_after(shared_.settings.timeout);
    waiting_since_ = flow::monotonic_now();
    waiting_ = shared_.waiting.insert(shared_.waiting.end(), this);
    http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
      self->stop_waiting();
      self->on_header(error);
    });
  }

  Duration waiting_since() const { return waiting_since_; }
  void close() {
    stop_waiting();
    stream_.close();
  }

 private:
  void expire_after(Duration duration) { stream_.expires_after(std::chrono::nanoseconds(duration.ns)); }

  void stop_waiting() {
    if (waiting_) shared_.waiting.erase(*waiting_);
    waiting_.reset();
  }

  void on_header(error_code error) {
    if (error) return on_bad_header(error);
    const auto& header = parser_->get();
    const bool head = header.method() == http::verb::head;
    const bool keep_alive = header.keep_alive() && parser_->is_done();
    const Request request = request_of(header, header.method(), std::string(header.target()));
    Response response = answer_to(request);
    if (response.event_stream && !head) return become_stream(request, response);
    write(std::move(response), head, keep_alive);
  }

  Response answer_to(const Request& request) {
    if (!shared_.limiter.allows(address_, flow::monotonic_now())) {
      ++shared_.http.limited_requests;
      Response response = error_response(429, "more requests than one address may make; try again in a second");
      response.headers.emplace_back("Retry-After", "1");
      return delivered(request, std::move(response));
    }
    if (std::optional<Response> refused = refusal(shared_.access, request))
      return delivered(request, *std::move(refused));
    if (!parser_->is_done()) return delivered(request, error_response(413, "a request has no body here"));
    shared_.before_query();
    try {
      return delivered(request, shared_.routes.answer(request));
    } catch (const std::exception& error) {
      shared_.log.error("http request failed", {{"target", request.target}, {"error", error.what()}});
      return delivered(request, error_response(500, "the request failed; the log says why"));
    }
  }

  void become_stream(const Request& request, Response& response) {
    if (!shared_.streams.has_room()) {
      return write(delivered(request, error_response(503, "there are too many event streams")), false, false);
    }
    ++shared_.http.responses[200];
    const std::string after = request.target.substr(std::min(request.target.find("?after="), request.target.size()));
    const std::string place = !request.last_event_id.empty() || after.empty() ? request.last_event_id : after.substr(7);
    shared_.streams.add(stream_.release_socket(), stream_header(response), place);
  }

  void on_bad_header(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      return write(
          delivered({}, error_response(431, fmt::format("the header is larger than {} bytes", header_bytes_max))),
          false, false);
    }
    const bool gone = error.category() != http::make_error_code(http::error::bad_method).category() ||
                      error == http::error::end_of_stream || error == http::error::partial_message;
    if (!gone) write(delivered({}, error_response(400, "this is not HTTP/1.1")), false, false);
  }

  void write(Response response, bool head, bool keep_alive) {
    ++shared_.http.responses[response.status];
    http::response<http::string_body> message{static_cast<http::status>(response.status), 11};
    message.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.keep_alive(keep_alive);
    if (response.status != 304) message.content_length(response.body.size());
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
  std::string address_;
  Duration waiting_since_;
  std::optional<std::list<Connection*>::iterator> waiting_;
  Shared& shared_;
};

void serve(tcp::socket socket, Shared& shared) { std::make_shared<Connection>(std::move(socket), shared)->read(); }

bool close_longest_waiting(Shared& shared) {
  if (shared.waiting.empty()) return false;
  Connection& longest = *shared.waiting.front();
  if (flow::monotonic_now() - longest.waiting_since() < shared.settings.idle_min) return false;
  longest.close();  // its read ends with an error, and the connection with it
  ++shared.http.evicted_connections;
  return true;
}

}  // namespace candled::server
