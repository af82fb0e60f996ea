// Candles from CSV, for benchmarks: klines as Binance publishes them, or any file with a header that names the columns.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "candled/domain/candle.hpp"

namespace candled::bench {

inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = line.find(',', begin);
    cells.push_back(line.substr(begin, end - begin));
  }
  return cells;
}

// "2025-11-14 00:00:00+00:00", RFC 3339, or a count of milliseconds.
inline Timestamp time_of(std::string text) {
  if (text.find('-') == std::string::npos) return Timestamp{} + Duration::milliseconds(std::stoll(text));
  if (text.size() > 10) text[10] = 'T';
  return *parse_rfc3339(text);
}

// Rows that cannot be read are left out; sorted, each minute once.
inline std::vector<Candle> read_candles(const std::string& path) {
  std::ifstream file(path);
  std::map<std::string, std::size_t> columns = {{"open_time", 0}, {"open", 1},   {"high", 2},   {"low", 3},
                                                {"close", 4},     {"volume", 5}, {"trades", 8}, {"buy_volume", 9}};
  std::vector<Candle> candles;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (line.find("open") != std::string::npos) {
      columns.clear();
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string& name = cells[i];
        columns[name == "interval_start" ? "open_time" : name == "trade_count" ? "trades" : name] = i;
      }
      continue;
    }
    const auto cell = [&](const char* name) {
      const auto column = columns.find(name);
      return column != columns.end() && column->second < cells.size() ? cells[column->second] : std::string();
    };
    const Result<Price> open = Price::parse(cell("open")), high = Price::parse(cell("high")),
                        low = Price::parse(cell("low")), close = Price::parse(cell("close"));
    if (!open || !high || !low || !close) continue;
    Candle candle;
    candle.open_time = time_of(cell("open_time"));
    candle.open = *open;
    candle.high = *high;
    candle.low = *low;
    candle.close = *close;
    candle.volume = Volume::parse(cell("volume")).value_or(Volume());
    const Result<Volume> bought = Volume::parse(cell("buy_volume"));
    candle.buy_volume_known = bought.has_value();
    candle.buy_volume = bought.value_or(Volume());
    candle.trades = static_cast<std::uint32_t>(std::stoul("0" + cell("trades")));
    candles.push_back(candle);
  }
  std::ranges::stable_sort(candles, {}, &Candle::open_time);
  const auto again = std::ranges::unique(candles, {}, &Candle::open_time);
  candles.erase(again.begin(), again.end());
  return candles;
}

}  // namespace candled::bench
