// Faults: what a local exchange can do wrong on purpose, when, and the one line of text that says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::simulator {

// The text name of each kind is its name here. "Unseen" trades are on REST but never on the WebSocket.
// `seconds` are wall seconds; 0 with `requests` 0 means until cleared, for the kinds that last.
enum class FaultKind : std::uint8_t {
  drop,    // the next `trades` trades (of `symbol` if given) pass unseen
  repeat,  // the last `trades` trades (of `symbol` if given, else of each market) are sent again
  cut,     // all WebSockets lose their connection without a close frame; upgrades are reset for `seconds`;
           // the next `trades` trades pass unseen. seconds 0: clients may come back at once
  stall,   // sockets stay open, not one frame for `seconds`; trades pass unseen meanwhile (speed 0: the tape waits,
           // then `trades` trades pass unseen)
  stall_symbol,  // no trades of `symbol` for `seconds`, or for its next `trades` trades; heartbeats go on
  maintenance,  // the status says maintenance, then a close frame (1001); clients that come back within `seconds` get the same
  message_rate,  // every WebSocket hears that it sends too much, or is closed, as the exchange does it
  ban,           // for `seconds`: upgrades are answered with HTTP `amount` (429; 403 is the other one seen)
  bad_frame,  // a frame named by `frame`: truncated, wrong_types, unknown_channel, empty_data, not_json, huge (`amount`
              // bytes, 20 MiB); the next `trades` trades pass unseen, as if they had been in it
  exponent,  // the next `trades` trades are printed as 1.000001e+05 and 5.2e-05 (where JSON numbers are): the same values
  snapshot_descending,  // lasting: trade snapshots come newest first
  rest_limit,           // lasting: REST answers that the limit of requests is exceeded
  rest_error,           // lasting: REST answers HTTP `amount` (520) with an HTML body
  rest_down,            // lasting: REST connections are reset
  rest_slow,            // lasting: each REST answer takes `amount` more milliseconds (1000)
  rest_short,           // lasting: a Trades page holds at most `amount` rows (10), whatever `count` asked
  rest_wrong_last,  // lasting: the cursor of a Trades page is wrong (Kraken: whole seconds, too short and too early)
  rest_lag,         // lasting: REST knows only trades older than `amount` market seconds (30)
  rest_inclusive,   // lasting: a Trades page holds its cursor's own trade (Kraken: `since` includes the instant)
  book_checksum,    // the next `trades` order book messages (of `symbol` if given) have a wrong checksum, or update id
  book_drop,        // the next `trades` order book messages (of `symbol` if given) are lost
  book_refused,     // lasting: order books are refused, as ones that are not supported
  rest_repeat,      // lasting: whatever is asked, a Trades page holds the oldest trades
};
constexpr std::size_t fault_kinds = 23;

struct Fault {
  FaultKind kind = FaultKind::drop;
  std::int64_t trades = 0;
  double seconds = 0;
  std::int64_t requests = 0;  // lasting REST faults: end after so many requests
  std::int64_t amount = 0;    // 0: the default named above
  std::string symbol = {};
  std::string frame = "truncated";
};

enum class FaultMoment : std::uint8_t {
  now,       // at once
  at_trade,  // after trade number `at`, counted from 1 over all markets since the start instant (history not counted)
  every_trades,  // after every `at`-th trade
  after_market,  // `at` market milliseconds after the start instant
  after_wall,    // `at` wall milliseconds after the clock started
  random,        // after each trade with probability `probability`, decided by FaultSettings::seed
};

struct ScheduledFault {
  Fault fault = {};
  FaultMoment moment = FaultMoment::now;
  std::int64_t at = 0;
  double probability = 0;
};

struct FaultSettings {
  std::uint64_t seed = 1;
  std::vector<ScheduledFault> faults = {};
};

// "cut?seconds=5&trades=20&at_trade=1000": the kind, then parameters trades, seconds, requests, amount, symbol, frame,
// and at most one moment: at_trade, every_trades, after_market_seconds, after_seconds, probability. The same text is
// the command line's --fault and, after /simulator/, the path of an operator's POST.
Result<ScheduledFault> parse_fault(std::string_view text);
std::string_view name_of(FaultKind kind);

}  // namespace candled::simulator
