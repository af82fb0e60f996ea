// The exchange test-kit: what every exchange must do, whatever its protocol. A new exchange writes a sample of itself (below), calls
// run_exchange_kit() in one test, and is done; docs/exchanges.md tells the rest.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/trade.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "ingest/exchange.hpp"

namespace candled::ingest {

// A frame of the exchange, and what it says: "0#17 buy 100.5 x 2 @ 2025-11-10T17:20:00.001Z; " for each trade, in the frame's order;
// "accepted 'BTC/USD'; " or "refused '' 'why'; " for each reply; "last 0#17; "; "snapshot; "; "1 bad; ".
struct FrameCase {
  std::string frame;
  std::string says;
};

// An answer of REST, and what its judge makes of it.
struct JudgeCase {
  unsigned status = 200;
  std::string body;
  std::optional<RestError::Kind> kind;  // none: good
  net::Headers headers = {};
};

// The other side of the protocol, for one exchange, written from its documents and not from its client. Trades are of symbols[0].
struct ExchangeSample {
  ExchangeEntry entry;
  std::vector<std::string> symbols;  // two that it has
  std::string unknown_symbol;        // one that it has not

  std::string greeting = {};  // that it sends first; empty: it does not
  // Its answers to one message that asks for trades.
  std::function<std::vector<std::string>(const std::string& message)> answers;
  std::function<std::string(const std::vector<Trade>& trades)> trades_frame;
  // The word that its newest trade has this number; empty: it has no such word.
  std::function<std::string(std::int64_t id)> last_id_frame = {};
  // The body of a good answer to any target that the exchange asks for, when it has these trades and its clock stands at `now`.
  std::function<std::string(const std::string& target, const std::vector<Trade>& trades, Timestamp now)> rest;

  std::vector<FrameCase> frames;  // recorded, or from its documents: those that clients get wrong
  std::vector<JudgeCase> answers_judged;
};

// All of it: the description, subscriptions, frames good and hostile, errors, walks over REST in both directions from ids and from
// times, and a live feed against a server that speaks the sample: a sequence gap is repaired, a told trade is fetched.
void run_exchange_kit(const ExchangeSample& sample);

}  // namespace candled::ingest
