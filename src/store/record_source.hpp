// RecordSource: the head events of one table, and of one market where the market is part of its key, a page at a time in the order of the key.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "candled/store/record_stream.hpp"
#include "store/sqlite.hpp"
#include "store/trade_search.hpp"

namespace candled::store {

class RecordSource {
 public:
  struct Row {
    std::int64_t key = 0;
    RecordedEvent event;
  };
  using Read = std::function<RecordedEvent(const Statement& row)>;

  // `columns` begins with the key; `of_market` is the condition that chooses the market, "" for none.
  RecordSource(const Connection& connection, const std::string& table, const std::string& key,
               const std::string& columns, const std::string& of_market, Read read);

  // Whether the order of the key is that of the numbers.
  bool is_ordered() const { return ordered_; }
  // Appends rows with first <= key <= last and a number above `after`, at most so many.
  void read(std::int64_t first, std::int64_t last, std::int64_t after, std::size_t rows_max, std::vector<Row>& rows);
  // Calls visit(key, sequence) for each row with a key above `key` and a number above `after`, in the order of the key, while it returns true.
  template <class Visit>
  void each_key(std::int64_t key, std::int64_t after, Visit visit) {
    keys_.bind(key, after);
    while (keys_.next()) {
      if (visit(keys_.integer(0), keys_.integer(1))) continue;
      keys_.reset();
      return;
    }
  }

 private:
  bool ordered_;
  Statement page_, keys_;
  Read read_;
};

// `id`: the market's row in the file.
RecordSource trades_of(const Connection& connection, MarketId market, std::int64_t id, TradeIds ids);
// Those that are not in the table of trades any more; only where has_replaced_trades().
RecordSource replaced_trades_of(const Connection& connection, MarketId market, std::int64_t id);
bool has_replaced_trades(const Connection& connection);
RecordSource sequence_gaps_of(const Connection& connection, MarketId market, std::int64_t id);
RecordSource books_of(const Connection& connection, MarketId market, std::int64_t id);
RecordSource watermarks_of(const Connection& connection, std::span<const std::int64_t> ids);  // ids[market]
RecordSource pauses(const Connection& connection);
RecordSource model_swaps(const Connection& connection);

}  // namespace candled::store
