// Rows: the fields of one line as a trade or a candle, or the reason why that can't be.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "candled/domain/candle.hpp"
#include "candled/domain/trade.hpp"
#include "files/layout.hpp"

namespace candled::files {

class Fields {
 public:
  static constexpr std::size_t fields_max = 32;

  explicit Fields(std::string_view line);
  // More than fields_max counts as fields_max + 1.
  std::size_t count() const { return count_; }
  std::string_view operator[](Column column) const { return fields_[static_cast<std::size_t>(column)]; }

 private:
  std::array<std::string_view, fields_max> fields_;
  std::size_t count_ = 0;
};

// What all rows of an import are held against.
struct RowContext {
  std::string_view market;  // "kraken:BTC/USD"
  Timestamp latest;         // later is refused
  Timestamp received;       // now: for rows that do not say when they were; a candle that ends later is refused
};

// Why a row is not taken; nullptr: it is. The texts are static.
using Verdict = const char*;
// Neither taken nor refused.
extern const Verdict declared_void;
extern const Verdict of_other_market;
extern const Verdict in_the_future;
extern const Verdict not_ended;  // a candle that may still change

// The time that a row tells, where it is one that can be; of refused rows.
std::optional<Timestamp> time_in_row(const TradeLayout& layout, const Fields& fields, const RowContext& context);
std::optional<Timestamp> time_in_row(const CandleLayout& layout, const Fields& fields, const RowContext& context);

Verdict read_trade(const TradeLayout& layout, const Fields& fields, const RowContext& context, Trade& trade);

struct FileCandle {
  Candle candle;
  Duration interval;
  Absence absence = Absence::gap;
};
// Nullopt: it is no time.
std::optional<Timestamp> open_time_of(const CandleLayout& layout, std::string_view text);
Verdict read_candle(const CandleLayout& layout, const Fields& fields, const RowContext& context, FileCandle& row);

}  // namespace candled::files
