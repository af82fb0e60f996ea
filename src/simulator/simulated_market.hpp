// SimulatedMarket: one market's tape, and what of it has been released.
#pragma once

#include <cstdint>
#include <memory>

#include "candled/simulator/tape.hpp"
#include "simulator/history.hpp"
#include "simulator/instrument.hpp"

namespace candled::simulator {

struct SimulatedMarket {
  Instrument instrument;
  std::unique_ptr<Tape> tape;
  History history;
  std::int64_t unseen_left = 0;  // so many next trades stay off the WebSocket
  Duration stalled_until = {};   // wall time; trades before it stay off the WebSocket
};

}  // namespace candled::simulator
