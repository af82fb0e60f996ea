// Outlet: where the ingest thread's events leave, stamped with the moment at which their frame or page was read.
#pragma once

#include <utility>

#include "candled/domain/event.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/world.hpp"

namespace candled::ingest {

class Outlet {
 public:
  Outlet(flow::Sender& sender, const flow::World& world) : sender_(sender), world_(world) {}

  // A frame or page has been read: once, before its events.
  void begin() { received_us_ = static_cast<std::uint32_t>(world_.now().ns / 1000); }
  // Waits while the channel is full.
  void push(Event event) {
    event.received_us = received_us_;
    sender_.push(std::move(event));
  }
  // Once, behind them.
  void flush() { sender_.flush(); }

 private:
  flow::Sender& sender_;
  const flow::World& world_;
  std::uint32_t received_us_ = 0;
};

}  // namespace candled::ingest
