// SystemWatch: what an exchange says of its own state, told once for each change.
#pragma once

#include <string>

#include "candled/flow/log.hpp"
#include "candled/net/backoff.hpp"
#include "ingest/exchange.hpp"

namespace candled::ingest {

class SystemWatch {
 public:
  SystemWatch(std::string exchange, net::Backoff& backoff, flow::Log& log)
      : exchange_(std::move(exchange)), backoff_(backoff), log_(log) {}

  void heard(SystemState state, const std::string& text) {
    if (state == SystemState::maintenance) backoff_.maintenance();
    if (text == told_) return;
    told_ = text;
    if (state == SystemState::online) {
      log_.info("exchange is online", {{"exchange", exchange_}});
    } else {
      log_.warning("exchange is not fully online", {{"exchange", exchange_}, {"status", text}});
    }
  }

 private:
  std::string exchange_;
  net::Backoff& backoff_;
  flow::Log& log_;
  std::string told_;
};

}  // namespace candled::ingest
