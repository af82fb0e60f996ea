// Recorded trades from CSV files.
#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "candled/simulator/tape.hpp"

namespace candled::simulator {
namespace {

enum Column : std::size_t { price, volume, time_text, timestamp, type, order_type, trade_id, columns };
constexpr std::array<std::string_view, columns> column_names{"price", "volume",     "time",    "timestamp",
                                                             "type",  "order_type", "trade_id"};
constexpr std::size_t fields_max = 32;

struct Line {
  std::array<std::string_view, fields_max> fields;
  std::size_t count = 0;
};

Line split(std::string_view text) {
  Line line;
  while (line.count < fields_max) {
    const std::size_t comma = text.find(',');
    line.fields[line.count++] = text.substr(0, comma);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return line;
}

class Layout {
 public:
  static Result<Layout> of(std::string_view header) {
    Layout layout;
    layout.position_.fill(fields_max);
    const Line line = split(header);
    for (std::size_t field = 0; field < line.count; ++field) {
      const auto name = std::find(column_names.begin(), column_names.end(), line.fields[field]);
      if (name != column_names.end()) layout.position_[static_cast<std::size_t>(name - column_names.begin())] = field;
    }
    for (Column needed : {price, volume, trade_id}) {
      if (!layout.has(needed)) return refuse("the header names no column '" + std::string(column_names[needed]) + "'");
    }
    if (!layout.has(timestamp) && !layout.has(time_text))
      return refuse("the header names neither 'timestamp' nor 'time'");
    return layout;
  }
  bool has(Column column) const { return position_[column] < fields_max; }
  std::string_view get(const Line& line, Column column) const {
    return position_[column] < line.count ? line.fields[position_[column]] : std::string_view{};
  }

 private:
  std::array<std::size_t, columns> position_{};
};

Result<Trade> read_trade(const Layout& layout, std::string_view text) {
  const Line line = split(text);
  Trade trade;
  const std::string_view id = layout.get(line, trade_id);
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), trade.id);
  if (error != std::errc{} || end != id.data() + id.size() || trade.id <= 0) {
    return refuse("bad trade_id '" + std::string(id.substr(0, 40)) + "'");
  }
  const Result<Timestamp> time = layout.has(timestamp) ? parse_unix_seconds(layout.get(line, timestamp))
                                                       : parse_rfc3339(std::string(layout.get(line, time_text)) + "Z");
  if (!time) return std::unexpected(time.error());
  const Result<Price> at = Price::parse(layout.get(line, price));
  if (!at) return std::unexpected(at.error());
  const Result<Quantity> quantity = Quantity::parse(layout.get(line, volume));
  if (!quantity) return std::unexpected(quantity.error());
  if (!at->is_positive() || !quantity->is_positive() || time->ns <= 0)
    return refuse("price, volume and time must be positive");
  const std::string_view side = layout.get(line, type);
  const std::string_view order = layout.get(line, order_type);
  trade.time = *time;
  trade.price = *at;
  trade.quantity = *quantity;
  trade.side = side.starts_with('s') ? Side::sell : Side::buy;
  trade.order_type = order.starts_with('m') ? OrderType::market : OrderType::limit;
  return trade;
}

Result<void> read_file(const std::string& path, std::vector<Trade>& trades) {
  std::ifstream file(path);
  std::string text;
  if (!file || !std::getline(file, text)) return refuse("cannot read trades from '" + path + "'");
  const auto trim = [&] {
    while (!text.empty() && (text.back() == '\r' || text.back() == ' ')) text.pop_back();
  };
  trim();
  const Result<Layout> layout = Layout::of(text);
  if (!layout) return refuse("'" + path + "': " + layout.error().message);
  for (std::size_t number = 2; std::getline(file, text); ++number) {
    trim();
    if (text.empty()) continue;
    const Result<Trade> trade = read_trade(*layout, text);
    if (!trade) return refuse("'" + path + "' line " + std::to_string(number) + ": " + trade.error().message);
    trades.push_back(*trade);
  }
  return {};
}

Result<std::vector<std::string>> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    const std::size_t before = files.size();
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
      if (entry.path().extension() == ".csv") files.push_back(entry.path().string());
    }
    if (error) return refuse("cannot list '" + path + "': " + error.message());
    if (files.size() == before) return refuse("no .csv file in '" + path + "'");
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  }
  return files;
}

}  // namespace

Result<std::vector<Trade>> load_trades(const TradeFiles& from) {
  const Result<std::vector<std::string>> files = files_of(from.paths);
  if (!files) return std::unexpected(files.error());
  std::vector<Trade> trades;
  for (const std::string& file : *files) {
    if (Result<void> read = read_file(file, trades); !read) return std::unexpected(read.error());
  }
  std::erase_if(trades,
                [&](const Trade& t) { return (from.from && t.time < *from.from) || (from.to && t.time >= *from.to); });
  std::stable_sort(trades.begin(), trades.end(), [](const Trade& a, const Trade& b) { return a.id < b.id; });
  const auto same_id = [](const Trade& a, const Trade& b) { return a.id == b.id; };
  trades.erase(std::unique(trades.begin(), trades.end(), same_id), trades.end());
  const auto back =
      std::adjacent_find(trades.begin(), trades.end(), [](const Trade& a, const Trade& b) { return b.time < a.time; });
  if (back != trades.end()) return refuse("time goes back behind trade " + std::to_string(back->id));
  if (trades.empty()) return refuse("no trade in the files and the range of time given");
  return trades;
}

}  // namespace candled::simulator
