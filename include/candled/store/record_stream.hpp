// RecordStream: the recorded head events in the order of their numbers, one at a time. The one source of recovery and verify.
//
// Trades lie in the file in the order of their ids, and late ones (a filled gap, a history fetched afterwards, files with made ids) stand
// among earlier ones. In that order a table falls into few ascending runs of numbers. One pass over ids and numbers finds the runs, then
// they are merged. Memory grows neither with the events nor with the disorder among them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/domain/market.hpp"

namespace candled::store {

// A stored head event that replay needs: an Event, or the name of the model that was promoted there.
struct RecordedEvent {
  Event event;             // trade, watermark, sequence gap, pause or book
  std::string model = {};  // not empty: a model swap; `event` carries only its sequence
};

// Where a stream begins.
struct RecordPlace {
  std::int64_t sequence = 0;  // events up to this number are left out
  std::vector<std::int64_t>
      last_trade_ids;  // by market: trades up to this id are left out; a market that is not there: none is
};

// One connection: use it from one thread at a time. Every call throws StoreError when the file cannot be read.
class RecordStream {
 public:
  // Asked now and then while rows are looked through for their order, which takes long in a long record; `rows`: how many so far.
  // False ends the stream.
  using KeepGoing = std::function<bool(std::int64_t rows)>;

  // Markets are named by their table, as in the writer; events of other markets are left out. What is committed later is not seen.
  RecordStream(const std::filesystem::path& path, const MarketTable& markets, RecordPlace after,
               KeepGoing keep_going = {});
  ~RecordStream();
  RecordStream(RecordStream&&) noexcept;

  // The next event; nullopt after the last, or when keep_going ended the stream.
  std::optional<RecordedEvent> next();

  // The most rows (and beginnings of runs) that were in memory at once.
  std::size_t rows_held_max() const;

 private:
  friend class Recording;
  class Implementation;
  explicit RecordStream(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace candled::store
