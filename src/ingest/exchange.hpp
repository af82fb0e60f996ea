// Exchange: everything that ingest knows about one exchange's protocol. Pure: text in, values out; no socket, clock or log.
//
// To add an exchange, write src/ingest/exchanges/<name>.cpp and one line in src/ingest/exchange.cpp.
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
#include "ingest/stream_book.hpp"
#include "ingest/trades_pager.hpp"

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
  std::string symbol;     // empty: the reply is about the whole request
  std::string text;       // of a refusal
  bool book = false;      // about an order book, not about trades
};

enum class SystemState { online, limited, maintenance };

// What one WebSocket frame said. Reused from frame to frame, so that nothing is allocated for a trade.
struct Frame {
  std::vector<StreamTrade> trades;  // rows that could be read, of our markets
  bool snapshot = false;            // the trades are the newest ones at the time of the subscription
  std::vector<StreamBook> books;
  std::vector<BookEntry> book_entries;  // of all of them
  std::vector<SubscriptionReply> replies;
  std::optional<SystemState> system;
  std::string system_text;
  std::size_t bad = 0;              // 1 for a frame that could not be read, else the number of bad rows
  std::string problem;              // of the first bad thing

  void clear();
  void note_bad(std::string_view what);
};

// Why a REST answer is of no use, as the exchange says it.
struct RestError {
  using Kind = net::RestError::Kind;
  Kind kind = Kind::transient;
  std::string message;                // one line
  std::optional<Duration> pause;      // stated by the exchange
  std::optional<Timestamp> until;     // the same as a time of the exchange's clock
};
template <class T>
using RestResult = std::expected<T, RestError>;

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

class Exchange {
 public:
  virtual ~Exchange() = default;

  // The stream.
  virtual std::string subscribe_message(const std::vector<std::string>& symbols) const = 0;
  virtual std::string ping_message() const = 0;
  // Order books; an exchange of whose books nothing is known here keeps these.
  virtual bool has_books() const { return false; }
  virtual std::string book_subscribe_message(const std::vector<std::string>&, std::size_t) const { return {}; }
  virtual std::string book_unsubscribe_message(const std::vector<std::string>&, std::size_t) const { return {}; }
  // text must have text_padding readable bytes behind it. Never fails: what cannot be read is counted in the frame.
  virtual void parse_frame(std::string_view text, Frame& frame) = 0;

  // REST: paths with queries, behind the base URL; and the answers' bodies (status 200), with text_padding behind them.
  virtual std::string time_target() const = 0;
  virtual RestResult<Timestamp> parse_time(std::string_view body) = 0;
  virtual std::string names_target() const = 0;
  virtual RestResult<std::vector<RestName>> parse_names(std::string_view body) = 0;
  virtual std::string trades_target(const std::string& rest_name, const PageCursor& cursor) const = 0;
  virtual RestResult<void> parse_trades(std::string_view body, TradesPage& page) = 0;
  // Candles as the exchange made them, for what its trades no longer tell; an exchange that offers none keeps these.
  virtual std::vector<Duration> candle_intervals() const { return {}; }
  virtual std::string candles_target(const std::string&, Duration) const { return {}; }
  virtual RestResult<void> parse_candles(std::string_view, CandlesPage&) { return {}; }
  // Another spelling of a symbol that names_target() did not list; empty when there is none.
  virtual std::string spelled_here(const std::string& symbol) const = 0;
};

// The exchange of this name for these symbols (BASE/QUOTE); null when there is none.
std::unique_ptr<Exchange> make_exchange(std::string_view name, std::vector<std::string> symbols);
// "kraken, ..." for messages.
std::string exchange_names();

}  // namespace candled::ingest
