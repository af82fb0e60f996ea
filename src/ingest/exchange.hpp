// Exchange: everything that ingest knows about one exchange's protocol. Pure: text in, values out; no socket, clock or log.
//
// What is fixed about it is its ExchangeDescriptor. To add an exchange, write src/ingest/exchanges/<name>/ and its line in
// src/ingest/exchange_table.cpp; docs/exchanges.md says what each function promises.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/domain/time.hpp"
#include "candled/domain/trade.hpp"
#include "candled/net/rest.hpp"
#include "ingest/book_check.hpp"
#include "ingest/pager.hpp"
#include "ingest/rest_error.hpp"
#include "ingest/stream_book.hpp"

namespace candled::ingest {

// Bytes that must be readable behind every text given to a parser; their content does not matter.
using net::text_padding;

struct StreamTrade {
  std::size_t market = 0;  // index in the list of symbols that the exchange was made with
  Trade trade;             // received not set
};

struct SubscriptionReply {
  bool accepted = false;
  bool permanent = true;  // a refusal that asking again does not change
  std::string symbol;     // empty: the reply is about the whole request of that number, or about all requests
  std::string text;       // of a refusal
  bool book = false;      // about an order book, not about trades
  std::optional<std::int64_t> number = {};  // of the request that is answered, where the reply tells it
};

// The number of a market's newest trade, as a message says it that is no trade.
struct LastTrade {
  std::size_t market = 0;
  std::int64_t id = 0;
};

enum class SystemState { online, limited, maintenance };

// What one WebSocket frame said. Reused from frame to frame, so that nothing is allocated for a trade.
struct Frame {
  std::vector<StreamTrade> trades;  // rows that could be read, of our markets
  bool snapshot = false;            // the trades are the newest ones at the time of the subscription
  std::vector<LastTrade> last_trades;
  std::vector<StreamBook> books;
  std::vector<BookEntry> book_entries;  // of all of them
  std::vector<SubscriptionReply> replies;
  std::optional<SystemState> system;
  std::string system_text;
  std::size_t bad = 0;  // 1 for a frame that could not be read, else the number of bad rows
  std::string problem;  // of the first bad thing

  void clear();
  void note_bad(std::string_view what);
};

// A market as the stream calls it and as REST calls it.
struct RestName {
  std::string symbol;
  std::string name;
  BookPrecision precision = {};  // of its prices and quantities
};

// One answer to the call for finished candles.
struct CandlesPage {
  std::vector<Candle> candles;  // ascending, without tape and buy volume
  std::size_t bad_rows = 0;     // left out
};

// A message to the exchange that asks for something.
struct StreamRequest {
  std::string text;
  std::vector<std::string> symbols = {};    // that it asks for
  std::optional<std::int64_t> number = {};  // that the exchange repeats in its answer
};

// The exchange's clock, cut to whole `granularity`.
struct ServerTime {
  Timestamp time;
  Duration granularity = Duration::seconds(1);
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  // The stream. Messages leave one after the other at the pace of the description.
  virtual std::vector<StreamRequest> subscribe(const std::vector<std::string>& symbols) const = 0;
  // Before a market is subscribed again whose stream is silent; nothing where a second subscription is enough.
  virtual std::vector<StreamRequest> unsubscribe(const std::vector<std::string>&) const { return {}; }
  // For Pings::by_client.
  virtual std::string ping() const { return {}; }
  // For BookKind::checked_stream and plain_stream.
  virtual std::vector<StreamRequest> subscribe_books(const std::vector<std::string>&, std::size_t) const { return {}; }
  virtual std::vector<StreamRequest> unsubscribe_books(const std::vector<std::string>&, std::size_t) const {
    return {};
  }
  // Of one market, for BookKind::checked_stream; null: nothing can be checked.
  virtual std::unique_ptr<BookCheck> book_check() const { return nullptr; }
  // text must have text_padding readable bytes behind it. Never fails: what cannot be read is counted in the frame.
  virtual void read(std::string_view text, Frame& frame) = 0;

  // REST. What an answer says against itself, whatever its status, and whatever its body is (HTML, nothing).
  virtual RestResult<void> judge(const net::RestAnswer& answer) = 0;
  // What to ask (`what` is filled in by the caller), and the bodies of answers that were judged good, with text_padding behind them.
  virtual net::RestRequest time_request() const = 0;
  virtual RestResult<ServerTime> read_time(std::string_view body) = 0;
  virtual net::RestRequest names_request() const = 0;
  virtual RestResult<std::vector<RestName>> read_names(std::string_view body) = 0;
  virtual net::RestRequest trades_request(const std::string& rest_name, const PageRequest& page) const = 0;
  virtual RestResult<void> read_trades(std::string_view body, TradesPage& page) = 0;
  // Candles as the exchange made them, for what its trades no longer tell; an exchange that offers none keeps these.
  virtual std::vector<Duration> candle_intervals() const { return {}; }
  virtual net::RestRequest candles_request(const std::string&, Duration) const { return {}; }
  virtual RestResult<void> read_candles(std::string_view, CandlesPage&) { return {}; }
  // Another spelling of a symbol that read_names() did not list; empty when there is none.
  virtual std::string spelled_here(const std::string& symbol) const = 0;
};

}  // namespace candled::ingest
