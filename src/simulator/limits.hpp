// Limits: what an exchange allows its clients, and how much it tells them at once.
#pragma once

#include <cstddef>

#include "candled/simulator/local_exchange.hpp"

namespace candled::simulator {

// Those of ExchangeLimits, and what nobody has to change; 0 turns a limit off.
struct Limits {
  double rest_calls_per_second = 0, rest_burst = 0;
  int connections = 0;  // in a window; over it an address is banned for as long
  Duration connections_window = {};
  double messages_per_second = 0, messages_burst = 0;
  Duration idle = {};         // a WebSocket without subscription and request is closed
  Duration ping_every = {};   // the exchange sends ping frames
  Duration pong_within = {};  // and closes where none is answered for so long

  std::size_t snapshot_trades = 0;  // in a snapshot of trades, at most
  // Clients cut their book to the depth, so that levels pushed out beyond it are not told as gone.
  bool books_are_cut = false;
};

// The dialect's limits where the settings have none.
inline Limits overridden(Limits limits, const ExchangeLimits& wanted) {
  limits.rest_calls_per_second = wanted.rest_calls_per_second.value_or(limits.rest_calls_per_second);
  limits.rest_burst = wanted.rest_burst.value_or(limits.rest_burst);
  limits.connections = wanted.connections.value_or(limits.connections);
  if (wanted.messages_per_second) {
    limits.messages_burst *=
        limits.messages_per_second > 0 ? *wanted.messages_per_second / limits.messages_per_second : 1;
    limits.messages_per_second = *wanted.messages_per_second;
  }
  limits.idle = wanted.idle.value_or(limits.idle);
  return limits;
}

}  // namespace candled::simulator
