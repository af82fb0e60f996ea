// SimulatedMarket: one market's tape, what of it has been released, and how it is printed.
#pragma once

#include <cstdint>
#include <memory>

#include "candled/simulator/tape.hpp"
#include "simulator/history.hpp"
#include "simulator/pairs.hpp"
#include "simulator/trade_text.hpp"

namespace candled::simulator {

struct SimulatedMarket {
  Pair pair;
  std::unique_ptr<Tape> tape;
  History history;
  StreamRows rows;
  std::int64_t unseen_left = 0;  // so many next trades stay off the WebSocket
  Duration stalled_until;        // wall time; trades before it stay off the WebSocket
};

}  // namespace candled::simulator
