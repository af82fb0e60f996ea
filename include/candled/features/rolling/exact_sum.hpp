// ExactSum: a running sum in two doubles (about 106 bits), so that values can be added and taken away for years without
// drift. Source: Knuth's two-sum and Dekker's exact product (T. J. Dekker, "A floating-point technique for extending
// the available precision", 1971). The product is split by hand: a fused multiply-add is not there on every target.
#pragma once

namespace candled::features {

class ExactSum {
 public:
  void add(double x) {
    const double sum = high_ + x;
    const double part = sum - high_;
    const double lost = (high_ - (sum - part)) + (x - part);
    settle(sum, low_ + lost);
  }
  // Adds a * b without rounding the product first.
  void add_product(double a, double b) {
    const double product = a * b;
    const double a_high = upper_half(a), a_low = a - a_high;
    const double b_high = upper_half(b), b_low = b - b_high;
    const double lost = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
    add(product);
    add(lost);
  }
  // Adds factor * other; factor is a whole number.
  void add_multiple(double factor, const ExactSum& other) {
    add_product(factor, other.high_);
    add(factor * other.low_);
  }
  // Takes the square of other away.
  void subtract_square(const ExactSum& other) {
    add_product(-other.high_, other.high_);
    add(-2.0 * other.high_ * other.low_);
  }
  double value() const { return high_; }

  template <class Archive>
  void state(Archive& archive) {
    archive(high_);
    archive(low_);
  }

 private:
  static double upper_half(double x) {
    const double shifted = 134217729.0 * x;  // 2^27 + 1
    return shifted - (shifted - x);
  }
  void settle(double sum, double rest) {
    high_ = sum + rest;
    const double part = high_ - sum;
    low_ = (sum - (high_ - part)) + (rest - part);
  }

  double high_ = 0, low_ = 0;  // high_ is the sum rounded to a double
};

}  // namespace candled::features
