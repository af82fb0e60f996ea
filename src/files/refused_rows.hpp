// RefusedRows: when what stood in refused rows can have been: at its time, where that can be read, else between the rows around it.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "candled/domain/time.hpp"

namespace candled::files {

class RefusedRows {
 public:
  struct Span {
    Timestamp from, to;  // both included
  };

  void begin_file() {
    before_.reset();
    pending_ = false;
  }
  // A row was taken. Returns where those were that were refused in front of it without a time.
  std::optional<Span> taken(Timestamp time) {
    std::optional<Span> span;
    if (std::exchange(pending_, false)) {
      const Timestamp other = before_.value_or(time - Duration{1'000});
      span = Span{std::min(other, time), std::max(other, time)};
    }
    before_ = time;
    return span;
  }
  void refused_without_time() { pending_ = true; }
  // Behind the last row: of those that were refused behind the last one with a time.
  std::optional<Span> end_file() const {
    return pending_ && before_ ? std::optional(Span{*before_, *before_}) : std::nullopt;
  }

 private:
  std::optional<Timestamp> before_;
  bool pending_ = false;
};

}  // namespace candled::files
