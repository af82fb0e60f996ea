// SendPace: when the next message may leave, so that an exchange never gets more in a span of time than it allows. Pure.
#pragma once

#include <deque>

#include "candled/ingest/exchange_descriptor.hpp"

namespace candled::ingest {

class SendPace {
 public:
  explicit SendPace(MessagePace pace) : pace_(pace) {}

  // How long to wait from now; zero or less: go.
  Duration wait(Duration now) const {
    return sent_.size() < pace_.count ? Duration{} : sent_.front() + pace_.per - now;
  }
  void sent(Duration now) {
    sent_.push_back(now);
    if (sent_.size() > pace_.count) sent_.pop_front();
  }

 private:
  MessagePace pace_;
  std::deque<Duration> sent_;  // the newest `count`
};

}  // namespace candled::ingest
