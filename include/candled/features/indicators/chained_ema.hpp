// Averages of averages. Each EMA runs over the outputs of the one before and is seeded with the mean of its first n.
//   Dema: 2 E1 - E2. Unit: the input's. Warm-up: 2 n - 1 values. Source: P. Mulloy 1994; TA-Lib DEMA.
//   Tema: E3 + 3 (E1 - E2). Unit: the input's. Warm-up: 3 n - 2 values. Source: P. Mulloy 1994; TA-Lib TEMA.
//   Trix: one-candle change of E3 in percent. Warm-up: 3 n - 1 values. Source: J. Hutson; TA-Lib TRIX.
// Recursive: they carry on over a gap.
#pragma once

#include "candled/features/indicators/ema.hpp"
#include "candled/features/number.hpp"

namespace candled::features {

class Dema {
 public:
  explicit Dema(int n) : first_(n), second_(n) {}

  void update(double x) {
    first_.update(x);
    if (first_.ready()) second_.update(first_.value());
  }
  bool ready() const { return second_.ready(); }
  double value() const { return 2 * first_.value() - second_.value(); }
  double first() const { return first_.value(); }
  double second() const { return second_.value(); }

  template <class Archive>
  void state(Archive& archive) {
    first_.state(archive);
    second_.state(archive);
  }

 private:
  Ema first_, second_;
};

class Tema {
 public:
  explicit Tema(int n) : two_(n), third_(n) {}

  void update(double x) {
    two_.update(x);
    if (two_.ready()) third_.update(two_.second());
  }
  bool ready() const { return third_.ready(); }
  double value() const { return third_.value() + 3 * (two_.first() - two_.second()); }
  double third() const { return third_.value(); }

  template <class Archive>
  void state(Archive& archive) {
    two_.state(archive);
    third_.state(archive);
  }

 private:
  Dema two_;
  Ema third_;
};

class Trix {
 public:
  explicit Trix(int n) : three_(n) {}

  void update(double x) {
    const double before = three_.third();
    three_.update(x);
    value_ = ratio(three_.third() - before, before) * 100;
  }
  bool ready() const { return known(value_); }
  double value() const { return value_; }

  template <class Archive>
  void state(Archive& archive) {
    three_.state(archive);
    archive(value_);
  }

 private:
  Tema three_;
  double value_ = unknown;
};

}  // namespace candled::features
