// A watermark that proves nothing: the exchange's clock has come so far, but nothing says that the trades of this market still reach us. What it
// closes is unknown. It is told from others by its time of receipt, which stands in it, and in table `tick`, below zero.
#pragma once

#include "candled/domain/event.hpp"

namespace candled {

inline bool is_proven(const Watermark& watermark) { return watermark.received.ns >= 0; }
inline Timestamp received_at(const Watermark& watermark) {
  return is_proven(watermark) ? watermark.received : Timestamp{-watermark.received.ns};
}
inline Watermark unproven(Watermark watermark) {
  watermark.received = Timestamp{-received_at(watermark).ns};
  return watermark;
}

}  // namespace candled
