// FaultBoard: which faults are still to come, and which lasting ones are in force.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "candled/domain/time.hpp"
#include "candled/simulator/faults.hpp"
#include "simulator/random.hpp"

namespace candled::simulator {

// What the faults in force do to a page of trades.
struct PageFaults {
  std::optional<std::size_t> rows_max = {};
  std::optional<Duration> lag = {};  // market time: later trades are not known yet
  bool inclusive = false;            // the page holds its cursor's own trade
  bool wrong_cursor = false;         // the cursor of the next page is wrong
  bool oldest = false;               // whatever is asked, the oldest trades
};

class FaultBoard {
 public:
  explicit FaultBoard(const FaultSettings& settings);

  void schedule(const ScheduledFault& fault);
  // Forgets scheduled faults and ends lasting ones.
  void clear();

  // Cheap: whether due_behind_trade must be asked after the n-th trade.
  bool may_strike_behind_trade(std::int64_t n) const { return n >= next_trade_; }
  std::vector<Fault> due_behind_trade(std::int64_t n);
  // Faults whose market or wall time has come; each is given once.
  std::vector<Fault> due_by_time(Duration market_elapsed, std::optional<Duration> wall_elapsed);
  bool may_strike_at(Duration market_elapsed) const { return market_elapsed >= next_market_; }

  // Puts a lasting fault in force from now (wall time since the server began).
  void begin(const Fault& fault, Duration wall);
  bool lasts(FaultKind kind, Duration wall) const;
  Duration lasts_until(FaultKind kind) const { return in_force_[index(kind)].until; }
  // The fault's amount if it is in force, else nullopt.
  std::optional<std::int64_t> amount(FaultKind kind, Duration wall) const;
  // The same, and counts one request against a fault that ends after so many.
  std::optional<std::int64_t> strike_request(FaultKind kind, Duration wall);
  // For one page of trades.
  PageFaults strike_page(Duration wall);

 private:
  struct InForce {
    Duration until;
    std::optional<std::int64_t> requests_left;
    std::int64_t amount = 0;
  };
  static std::size_t index(FaultKind kind) { return static_cast<std::size_t>(kind); }
  void find_next();

  std::vector<ScheduledFault> scheduled_;
  std::array<InForce, fault_kinds> in_force_{};
  Random random_;
  std::int64_t next_trade_ = INT64_MAX;
  Duration next_market_{INT64_MAX};
};

}  // namespace candled::simulator
