// ExchangeDescriptor: the fixed facts of one exchange, as data: where it is, what it allows, what its trade numbers mean.
//
// Its protocol is functions (ingest/exchange.hpp). One line of the exchange table (exchange_table.hpp) has both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled::ingest {

// What the numbers of one market's trades mean. On every exchange they rise with time.
enum class TradeNumbers : std::uint8_t {
  contiguous,  // each is one more than the one before: missing trades are seen, and a minute without trades can be proven quiet
  ascending,  // they jump anyway: a jump does not mean missing trades, and no minute can be proven quiet
};

// How REST pages through the trades of a market.
enum class Paging : std::uint8_t {
  by_time,  // the trades after a time, oldest first
  by_id,    // the trades of a window of numbers, in either order
};

enum class BookKind : std::uint8_t {
  none,             // no order books are followed
  checked_stream,   // a snapshot and changes on the stream; each message can be checked
  plain_stream,     // the same without a check, except that a crossed book is wrong
  numbered_stream,  // numbered changes on the stream, on top of a snapshot over REST
};

enum class Pings : std::uint8_t {
  by_server,  // the server pings and the connection answers; we send none
  by_client,  // we send one after half the watchdog of silence
};

// At most `count` messages in any span of `per`.
struct MessagePace {
  std::size_t count = 1;
  Duration per = Duration::seconds(1);
};

struct ExchangeDescriptor {
  std::string_view name = {};  // in the config and in the names of its markets

  // Defaults of [exchange.<name>].
  std::string_view websocket_url = {}, rest_url = {};
  Duration rest_interval = {};                         // least time between two REST requests, for a cost of 1
  Duration watchdog = {};                              // silence after which a connection counts as dead
  Duration subscribe_timeout = Duration::seconds(10);  // for the answers to all subscriptions

  // The connection.
  Duration greeting_wait = {};  // the exchange speaks first; we subscribe after this anyway. Zero: we subscribe at once
  Pings pings = Pings::by_server;
  Duration lifetime = {};                     // a connection is replaced at this age; zero: never
  std::size_t connects_per_minute = 10;       // attempts
  std::size_t markets_per_connection = 1024;  // more of them open more connections
  std::size_t frame_bytes_max = 16u << 20;    // a larger frame costs the connection
  MessagePace messages = {};                  // that we send

  // Trades.
  TradeNumbers numbers = TradeNumbers::contiguous;
  Paging paging = Paging::by_time;
  std::size_t page_rows_max = 1000;
  // The newest trades follow a subscription within this time; otherwise REST is asked for what was missed. Zero: they never do.
  Duration snapshot_wait = {};

  // Order books.
  BookKind books = BookKind::none;
  std::span<const std::size_t> book_depths = {};  // levels a side that can be asked for, ascending
};

}  // namespace candled::ingest
