// Stage: a station of the conveyor as an object that does a bounded slice of work at a time and never blocks.
#pragma once

#include <string_view>

#include "candled/flow/parker.hpp"

namespace candled::flow {

enum class Progress {
  busy,  // did something; poll again soon
  idle,  // nothing to read, or no room to write
  done,  // the input is closed and drained, the output is closed
};

class Stage {
 public:
  virtual ~Stage() = default;
  virtual std::string_view name() const = 0;
  virtual Progress poll() = 0;
  // Before a thread polls it: where that thread sleeps, for the ends of channels that the stage holds.
  virtual void attach(Parker& parker) = 0;
};

}  // namespace candled::flow
