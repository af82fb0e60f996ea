// Dialect: how one exchange speaks. Client messages become meaning, and what the exchange has to say becomes text.
//
// A dialect holds no conversation: sessions, faults, clock and network know what happens and know no exchange; a dialect knows its exchange's
// protocol and nothing else. Each one has a folder below dialects/ and a line in dialects.hpp, and is written from the exchange's
// documents, never from candled's own client. One object serves one exchange, on that exchange's thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "simulator/book_message.hpp"
#include "simulator/client.hpp"
#include "simulator/fault_board.hpp"
#include "simulator/http_answer.hpp"
#include "simulator/limits.hpp"
#include "simulator/link.hpp"
#include "simulator/released_trade.hpp"
#include "simulator/simulated_market.hpp"
#include "simulator/target.hpp"

namespace candled::simulator {

enum class Channel : std::uint8_t { trades, book, heartbeat };

// One channel of one market.
struct Topic {
  Channel channel = Channel::trades;
  std::string market = {};  // by its stream name
  std::size_t depth = 0;    // of a book
  bool snapshot = false;    // wanted behind the acknowledgement
};

enum class Method : std::uint8_t { subscribe, unsubscribe, other };

// Why a request, or one topic of it, is not granted.
enum class Refusal : std::uint8_t {
  malformed,
  unknown_channel,
  unsupported_book,
  unknown_market,
  subscribed_already,
  not_subscribed,
  too_fast,
};

struct Request {
  Method method = Method::subscribe;
  std::optional<Refusal> refusal = {};  // of the whole: nothing of it is done
  std::vector<Topic> topics = {};
  std::optional<std::uint8_t> style = {};  // the client's frames are of this style from here on
  std::string id = {};                     // what the answer repeats, as it is to be written
  std::string text = {};                   // of another method: what it asks, in the dialect's own words
};

// A WebSocket that may be opened: its first style, and a request that its URL makes (no topics: none).
struct Opening {
  std::uint8_t style = 0;
  Request request = {};
};

// The exchange at this moment.
struct Scene {
  Timestamp now;
  std::span<const SimulatedMarket> markets;
  bool maintenance = false;
};

struct RestCall {
  const Target& target;
  const Scene& scene;
  bool within_limits;  // false: the answer is the exchange's refusal
  double used;         // of the client's pace, this call included
  FaultBoard& faults;  // see strike_page()
  Duration wall;
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // What stands behind the port in a client's configuration.
  virtual std::string_view websocket_path() const = 0;
  virtual std::string_view rest_path() const = 0;
  virtual Limits limits() const = 0;
  // The market with candled's symbol, BASE/QUOTE.
  virtual Result<Instrument> instrument(std::string_view symbol) const = 0;

  // The conversation. A null frame means that this exchange says nothing.
  virtual std::optional<Opening> open(const Target& target) = 0;  // nullopt: there is no WebSocket (404)
  virtual Request read(std::string_view message) = 0;
  virtual Frame accept(const Request& request, const Topic& topic, const Scene& scene) = 0;
  // `market` is empty where the whole request is refused. Null for too_fast: the connection is closed.
  virtual Frame refuse(const Request& request, Refusal refusal, std::string_view market, const Scene& scene) = 0;
  // Behind all topics, with what the client follows by then.
  virtual Frame conclude(const Request& request, const Client& client, const Scene& scene) = 0;
  // Unasked: that a client has sent too much (null: the connection is closed), and how the exchange stands.
  virtual Frame too_many_messages(const Scene& scene) = 0;
  virtual Frame status(const Scene& scene) = 0;
  virtual std::vector<Frame> heartbeats(const Client& client, const Scene& scene) = 0;

  // Facts. `trades` is not empty.
  virtual std::vector<Frame> trades(std::span<const ReleasedTrade> trades, std::uint8_t style) = 0;
  virtual std::vector<Frame> trade_snapshot(std::span<const ReleasedTrade> trades, std::uint8_t style) = 0;
  virtual Frame book_snapshot(const BookMessage& book, std::uint8_t style) = 0;
  virtual Frame book_update(const BookMessage& book, std::uint8_t style) = 0;
  // Fault: a frame that no client should trip over, by its name in faults.hpp.
  virtual Frame bad_frame(std::string_view name, const Instrument& instrument, std::size_t huge_bytes) = 0;

  // HTTP. Of the client's pace, a call takes cost().
  virtual bool has_path(std::string_view path) const = 0;
  virtual double cost(const Target& target) const = 0;
  virtual HttpAnswer answer(const RestCall& call) = 0;
  // What stands in front of the exchange says that the exchange is broken.
  virtual std::string_view broken_page() const = 0;
};

}  // namespace candled::simulator
