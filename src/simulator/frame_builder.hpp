// FrameBuilder: gathers trades of several markets and makes `trade` frames of them, one per set of subscribed markets.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/link.hpp"
#include "simulator/trade_text.hpp"

namespace candled::simulator {

// Bit i stands for market i.
using MarketSet = std::uint64_t;
constexpr std::size_t markets_max = 64;

class FrameBuilder {
 public:
  void add(std::size_t market, const Trade& trade, StreamRows& rows, bool exponents) {
    if (!spans_.empty()) text_ += ',';
    const std::size_t begin = text_.size();
    if (exponents) {
      rows.append_with_exponents(text_, trade);
    } else {
      rows.append(text_, trade);
    }
    spans_.push_back({market, begin, text_.size()});
    markets_ |= MarketSet{1} << market;
  }
  std::size_t trades() const { return spans_.size(); }
  std::int64_t trades_of(MarketSet markets) const {
    if ((markets_ & ~markets) == 0) return static_cast<std::int64_t>(spans_.size());
    std::int64_t count = 0;
    for (const Span& span : spans_) count += static_cast<std::int64_t>((markets >> span.market) & 1);
    return count;
  }
  // The frame for a client of these markets, null if it holds nothing for it. Made once for each set of markets.
  Frame update(MarketSet markets) { return frame(markets & markets_, "update"); }
  Frame snapshot() { return frame(markets_, "snapshot"); }
  void clear() {
    text_.clear();
    spans_.clear();
    made_.clear();
    markets_ = 0;
  }

 private:
  struct Span {
    std::size_t market, begin, end;
  };

  Frame frame(MarketSet markets, std::string_view type) {
    if (markets == 0) return nullptr;
    for (const auto& [of, made] : made_) {
      if (of == markets) return made;
    }
    std::string out;
    out.reserve(text_.size() + 64);
    out.append("{\"channel\":\"trade\",\"type\":\"").append(type).append("\",\"data\":[");
    if (markets == markets_) {
      out += text_;
    } else {
      append_some(out, markets);
    }
    out += "]}";
    made_.emplace_back(markets, make_frame(std::move(out)));
    return made_.back().second;
  }
  void append_some(std::string& out, MarketSet markets) const {
    const char* separator = "";
    for (const Span& span : spans_) {
      if (((markets >> span.market) & 1) == 0) continue;
      out.append(separator).append(text_, span.begin, span.end - span.begin);
      separator = ",";
    }
  }

  std::string text_;  // all rows with commas between them
  std::vector<Span> spans_;
  std::vector<std::pair<MarketSet, Frame>> made_;
  MarketSet markets_ = 0;
};

}  // namespace candled::simulator
