// Dialling: name to address to connected TCP stream, and TLS on top. For the two files that include Beast.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <string>

#include "net/loop.hpp"
#include "net/tls.hpp"
#include "candled/net/url.hpp"

namespace candled::net {

namespace beast = boost::beast;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

inline std::chrono::nanoseconds chrono_of(Duration time) { return std::chrono::nanoseconds(time.ns); }

// What a person reads for an error of a socket.
inline std::string socket_problem(const boost::system::error_code& error) {
  if (error == beast::error::timeout) return "timed out";
  return error.message();
}

inline Task<Result<void>> dial_tcp(Loop& loop, const Url& url, PlainStream& stream, Duration timeout) {
  const Loop::OnStop cut(loop, [&stream] { stream.close(); });
  asio::ip::tcp::resolver resolver(loop.io());
  auto [not_found, addresses] = co_await resolver.async_resolve(url.host, url.port, as_values);
  if (loop.stopping()) co_return retry("stopping");
  if (not_found) co_return retry("cannot find host " + url.host + ": " + not_found.message());
  stream.expires_after(chrono_of(timeout));
  auto [refused, endpoint] = co_await stream.async_connect(addresses, as_values);
  if (refused) co_return retry("cannot connect to " + url.host + ":" + url.port + ": " + socket_problem(refused));
  boost::system::error_code ignored;
  stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return Result<void>{};
}

inline Task<Result<void>> dial(Loop& loop, const Url& url, PlainStream& stream, Duration timeout) {
  return dial_tcp(loop, url, stream, timeout);
}

inline Task<Result<void>> dial(Loop& loop, const Url& url, TlsStream& stream, Duration timeout) {
  Result<void> done = prepare_tls(stream.native_handle(), url);
  if (!done) co_return done;
  done = co_await dial_tcp(loop, url, stream.next_layer(), timeout);
  if (!done) co_return done;
  const Loop::OnStop cut(loop, [&stream] { stream.next_layer().close(); });
  stream.next_layer().expires_after(chrono_of(timeout));
  auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_values);
  if (error) co_return retry(tls_problem(stream.native_handle(), url, socket_problem(error)));
  co_return Result<void>{};
}

}  // namespace candled::net
