// IdentityCheck: trades that come with ids, beside the stored ones: can they be of the same market of the same exchange, and do
// those with the same id say the same?
//
// Ids of one market rise with its times. A file of another exchange or market has ids that fit nowhere between the stored ones.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "candled/domain/result.hpp"
#include "candled/domain/trade.hpp"

namespace candled::files {

// Rows that say something else than what is stored, which stays.
struct Contradictions {
  std::int64_t rows = 0;
  std::string first;  // with both values; empty: there is none
};

class IdentityCheck {
 public:
  // Stored trades with ids of the exchange: the one with the lowest id from here on, and the one with the highest id below.
  struct Stored {
    std::function<std::optional<Trade>(std::int64_t id)> from, before;
  };
  explicit IdentityCheck(Stored stored) : stored_(std::move(stored)) {}

  // Ids rise from call to call. An error is the end of a line that begins with file and row, and says that they cannot belong.
  Result<void> add(const Trade& trade);
  // Behind the last one.
  Result<void> finish() const;
  const Contradictions& contradictions() const { return contradictions_; }

 private:
  void begin(const Trade& trade);
  void compare(const Trade& trade);
  Result<void> check_between(const Trade& trade) const;
  bool is_leap(const Trade& earlier, const Trade& later) const;

  Stored stored_;
  bool begun_ = false;
  std::optional<Trade> before_, next_;  // stored, around the place at hand
  std::optional<Trade> last_;           // of the file
  double stored_per_second_ = 0;        // trades around the file's first place; 0: not known
  std::int64_t compared_ = 0;           // with the same id
  Contradictions contradictions_;
};

}  // namespace candled::files
