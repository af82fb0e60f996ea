// Trades as Kraken prints them: rows of WebSocket frames and of REST pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "candled/domain/trade.hpp"
#include "simulator/instrument.hpp"

namespace candled::simulator::kraken {

// Seconds as the shortest text of the nearest double: at most 7 decimals, and up to 119 ns off.
void append_rounded_seconds(std::string& out, Timestamp time);

// The rows of one market in a `trade` frame. Keeps the text of the current second, so not for several threads.
class StreamRows {
 public:
  explicit StreamRows(const Instrument& instrument);
  // `exponents`: price and quantity in exponent form.
  void append(std::string& out, const Trade& trade, bool exponents = false);

 private:
  void append_time(std::string& out, Timestamp time);

  std::string front_buy_, front_sell_;  // up to the price
  int price_decimals_, quantity_decimals_;
  std::int64_t second_ = -1;
  std::string second_text_;  // 2026-08-16T09:00:00.
};

// ["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]
void append_rest_row(std::string& out, const Trade& trade, const Instrument& instrument);

}  // namespace candled::simulator::kraken
