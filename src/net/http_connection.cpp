#include "net/http_connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sstream>

#include "net/dial.hpp"
#include "net/user_agent.hpp"

namespace candled::net {
namespace {

namespace http = boost::beast::http;
using Parser = http::response_parser<http::string_body>;

constexpr std::size_t read_bytes = 64 * 1024;

// Gives the parser what has been received; what it does not take stays. An error, or nothing.
boost::system::error_code feed(Parser& parser, std::string& received) {
  boost::system::error_code error;
  while (!received.empty() && !parser.is_done()) {
    const std::size_t taken = parser.put(boost::asio::buffer(received), error);
    received.erase(0, taken);
    if (error == http::error::need_more) return {};
    if (error || taken == 0) return error;
  }
  return error;
}

// The peer has ended its side: that ends a body without a length.
boost::system::error_code finish(Parser& parser) {
  boost::system::error_code error = http::error::end_of_stream;
  if (parser.got_some()) {
    error = {};
    parser.put_eof(error);
  }
  return error;
}

}  // namespace

HttpConnection::HttpConnection(Loop& loop, const Url& url, const std::string& ca_file)
    : loop_(loop), url_(url), ca_file_(ca_file) {}

Task<Result<void>> HttpConnection::ask(const RestRequest& request) {
  reusable_ = false;
  if (!stream_) {
    Result<flow::Peer> peer = co_await find_peer(loop_, url_, ca_file_);
    if (!peer) co_return std::unexpected(peer.error());
    stream_ = loop_.world().byte_stream();
    const Loop::OnStop cut(loop_, [this] { stream_->close(); });
    auto connecting =
        callback<Result<void>>([&](auto done) { stream_->connect(*peer, request.limits.time, std::move(done)); });
    Result<void> connected = co_await connecting;
    if (!connected) co_return connected;
  }
  bool late = false;
  const Loop::OnStop cut(loop_, [this] { stream_->close(); });
  const std::unique_ptr<flow::Pending> limit = loop_.world().after(request.limits.time, [this, &late] {
    late = true;
    stream_->close();
  });
  Result<void> done = co_await talk(request);
  if (!done) co_return retry(url_.host + ": " + (late ? "timed out" : done.error().message));
  answered_ = true;
  co_return Result<void>{};
}

Task<Result<void>> HttpConnection::talk(const RestRequest& request) {
  std::string text = text_of(request);
  auto writing = callback<Result<void>>([&](auto done) { stream_->write(std::move(text), std::move(done)); });
  Result<void> sent = co_await writing;
  if (!sent) co_return sent;
  Parser parser;
  parser.eager(true);
  parser.body_limit(request.limits.body_bytes);
  std::string room(read_bytes, '\0');
  boost::system::error_code error = feed(parser, received_);
  while (!error && !parser.is_done()) {
    auto reading = callback<Result<std::size_t>>([&](auto done) { stream_->read(room, std::move(done)); });
    Result<std::size_t> size = co_await reading;
    if (!size) co_return std::unexpected(size.error());
    received_.append(room, 0, *size);
    error = *size > 0 ? feed(parser, received_) : finish(parser);
    if (*size == 0) break;
  }
  if (error) co_return retry(error.message());
  http::response<http::string_body>& answer = parser.get();
  status_ = answer.result_int();
  headers_.clear();
  for (const auto& field : answer) {
    const auto name = field.name_string(), value = field.value();
    headers_.push_back({std::string(name.data(), name.size()), std::string(value.data(), value.size())});
  }
  reusable_ = answer.keep_alive();
  body_ = std::move(answer.body());
  body_.reserve(body_.size() + text_padding);
  co_return Result<void>{};
}

std::string HttpConnection::text_of(const RestRequest& request) const {
  const bool post = request.method == RestRequest::Method::post;
  http::request<http::string_body> message(post ? http::verb::post : http::verb::get, url_.path + request.target, 11);
  message.set(http::field::host, url_.authority());
  message.set(http::field::user_agent, user_agent);
  message.set(http::field::accept, "application/json");
  for (const Header& header : request.headers) message.set(header.name, header.value);
  message.body() = request.body;
  if (post) message.prepare_payload();
  std::ostringstream text;
  text << message;
  return std::move(text).str();
}

}  // namespace candled::net
