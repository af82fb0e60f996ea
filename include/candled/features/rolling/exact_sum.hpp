// ExactSum: a running sum in two doubles (about 106 bits), so that values can be added and taken away for years without
// drift. Source: Knuth's two-sum and Dekker's exact product (T. J. Dekker, "A floating-point technique for extending
// the available precision", 1971). The product is split by hand: a fused multiply-add is not there on every target.
#pragma once

namespace candled::features {

class ExactSum {
 public:
  void add(double x) { add_pair(x, 0); }
  // Adds a * b without rounding the product first.
  void add_product(double a, double b) {
    const double product = a * b;
    add_pair(product, cut_off(a, b, product));
  }
  // Takes old_x away and adds new_x, in one step.
  void replace(double old_x, double new_x) {
    const double change = new_x - old_x;
    add_pair(change, lost_in_difference(new_x, old_x, change));
  }
  // The same for their squares.
  void replace_square(double old_x, double new_x) {
    const double new_square = new_x * new_x, old_square = old_x * old_x;
    const double change = new_square - old_square;
    const double rest = cut_off(new_x, new_x, new_square) - cut_off(old_x, old_x, old_square);
    add_pair(change, lost_in_difference(new_square, old_square, change) + rest);
  }
  // Adds factor * other; factor is a whole number.
  void add_multiple(double factor, const ExactSum& other) {
    const double high = other.value(), low = (other.high_ - high) + other.low_;
    const double product = factor * high;
    add_pair(product, cut_off(factor, high, product) + factor * low);
  }
  // Takes the square of other away.
  void subtract_square(const ExactSum& other) {
    const double high = other.value(), low = (other.high_ - high) + other.low_;
    const double square = high * high;
    add_pair(-square, -cut_off(high, high, square) - 2.0 * high * low);
  }
  double value() const { return high_ + low_; }

  template <class Archive>
  void state(Archive& archive) {
    archive(high_);
    archive(low_);
  }

 private:
  // Adds x + rest, rest being small beside x. What rounding takes is kept apart and not fed back, so that one addition
  // need not wait for the correction of the one before it.
  void add_pair(double x, double rest) {
    const double sum = high_ + x;
    const double part = sum - high_;
    low_ += ((high_ - (sum - part)) + (x - part)) + rest;
    high_ = sum;
  }
  // What rounding took from difference = a - b.
  static double lost_in_difference(double a, double b, double difference) {
    const double part = difference - a;
    return (a - (difference - part)) - (b + part);
  }
  // What rounding took from product = a * b.
  static double cut_off(double a, double b, double product) {
    const double a_high = upper_half(a), a_low = a - a_high;
    const double b_high = upper_half(b), b_low = b - b_high;
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low);
  }
  static double upper_half(double x) {
    const double shifted = 134217729.0 * x;  // 2^27 + 1
    return shifted - (shifted - x);
  }

  double high_ = 0, low_ = 0;  // the sum, and all that was rounded off it
};

}  // namespace candled::features
