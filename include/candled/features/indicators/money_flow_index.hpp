// Money flow index: 100 * P / (P + N), P and N the sums of typical * volume over the last n candles whose typical price
// rose or fell; an unchanged one counts for neither. 0 if P + N is 0. Unit: 0 to 100. Warm-up: n + 1 candles. Source:
// G. Quong and A. Soudack; TA-Lib MFI of 0.8.1 (before, any flow below 1.0, a sum of money, was 0).
#pragma once

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "candled/features/rolling/rolling_sum.hpp"

namespace candled::features {

class MoneyFlowIndex {
 public:
  explicit MoneyFlowIndex(int n) : rising_(n), falling_(n) {}

  void update(const Bar& bar) {
    if (started_) {
      const double flow = bar.typical * bar.volume;
      rising_.update(bar.typical > previous_typical_ ? flow : 0);
      falling_.update(bar.typical < previous_typical_ ? flow : 0);
    }
    previous_typical_ = bar.typical;
    started_ = true;
  }
  bool ready() const { return rising_.ready(); }
  double value() const {
    if (!ready()) return unknown;
    const double both = rising_.value() + falling_.value();
    return both == 0 ? 0 : 100 * (rising_.value() / both);
  }
  void clear() {
    rising_.clear();
    falling_.clear();
    started_ = false;
  }

  template <class Archive>
  void state(Archive& archive) {
    rising_.state(archive);
    falling_.state(archive);
    archive(previous_typical_);
    archive(started_);
  }

 private:
  RollingSum rising_, falling_;
  double previous_typical_ = 0;
  bool started_ = false;
};

}  // namespace candled::features
