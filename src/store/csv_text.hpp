// CsvText: one row after the other as CSV, exact and without an allocation per cell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "candled/domain/time.hpp"

namespace candled::store {

class CsvText {
 public:
  void begin_row() { begins_ = true; }
  void end_row() { text_ += '\n'; }

  void text(std::string_view text);  // quoted where it has to be
  void integer(std::int64_t value);
  // units * 10^-decimals, with no zeros at its end.
  void decimal(std::int64_t units, int decimals);
  // ISO 8601 UTC, with as many digits of a second as it takes.
  void time(Timestamp time);
  // 17 significant digits, which give the same bits back; empty for NaN.
  void real(double value);
  void empty() { separate(); }

  const std::string& lines() const { return text_; }
  void clear() { text_.clear(); }

 private:
  void separate() {
    if (!begins_) text_ += ',';
    begins_ = false;
  }

  std::string text_;
  bool begins_ = true;
  std::int64_t day_ = INT64_MIN;  // whose text this is: neighbours share it
  std::string day_text_;
};

}  // namespace candled::store
