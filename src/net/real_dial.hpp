// Real connections: from a peer's addresses to a connected TCP stream, and TLS on top. For the files that include Asio and Beast.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>
#include <chrono>
#include <string>
#include <vector>

#include "candled/flow/world.hpp"
#include "net/tls.hpp"

namespace candled::net {

namespace asio = boost::asio;
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

inline std::vector<asio::ip::tcp::endpoint> endpoints_of(const flow::Peer& peer) {
  std::uint16_t port = 0;
  std::from_chars(peer.port.data(), peer.port.data() + peer.port.size(), port);
  std::vector<asio::ip::tcp::endpoint> endpoints;
  for (const std::string& text : peer.addresses) {
    boost::system::error_code not_one;
    const asio::ip::address address = asio::ip::make_address(text, not_one);
    if (!not_one) endpoints.emplace_back(address, port);
  }
  return endpoints;
}

inline asio::awaitable<Result<void>> dial_tcp(const flow::Peer& peer, PlainStream& stream, Duration time) {
  stream.expires_after(chrono_of(time));
  const std::vector<asio::ip::tcp::endpoint> endpoints = endpoints_of(peer);
  auto [refused, endpoint] = co_await stream.async_connect(endpoints, as_values);
  if (refused) co_return retry("cannot connect to " + peer.host + ":" + peer.port + ": " + socket_problem(refused));
  boost::system::error_code ignored;
  stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  stream.expires_never();
  co_return Result<void>{};
}

inline asio::awaitable<Result<void>> dial(const flow::Peer& peer, PlainStream& stream, Duration time) {
  return dial_tcp(peer, stream, time);
}

inline asio::awaitable<Result<void>> dial(const flow::Peer& peer, TlsStream& stream, Duration time) {
  Result<void> done = prepare_tls(stream.native_handle(), peer.host);
  if (!done) co_return done;
  done = co_await dial_tcp(peer, stream.next_layer(), time);
  if (!done) co_return done;
  stream.next_layer().expires_after(chrono_of(time));
  auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_values);
  if (error) co_return retry(tls_problem(stream.native_handle(), peer.host, socket_problem(error)));
  stream.next_layer().expires_never();
  co_return Result<void>{};
}

}  // namespace candled::net
