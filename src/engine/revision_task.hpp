// RevisionTask: candles rebuilt where late trades, or trades that fill a sequence gap, have changed what is known of them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "candled/domain/market.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/journal_writer.hpp"
#include "candled/store/reader.hpp"
#include "engine/background_task.hpp"
#include "engine/trade_candles.hpp"

namespace candled::engine {

class RevisionTask : public BackgroundTask {
 public:
  // All are not owned; the reader belongs to the journal's thread.
  RevisionTask(const MarketTable& markets, const store::Reader& reader, store::JournalWriter& writer, flow::Log& log)
      : markets_(markets), reader_(reader), writer_(writer), log_(log), of_market_(markets.size()) {}
  std::string_view name() const override { return "revise candles"; }
  void committed(const Event& event) override;
  bool step(Moment moment) override;
  // Every candle that the file notes as due.
  void finish() override;

 private:
  // A repair is many late trades in a row: the revision waits for the first event behind them. The writer has noted in the same transaction
  // that it is due, so a crash in between is made up for by finish() at the next start.
  struct Waiting {
    bool noted = false;  // late trades or gap candles were committed, and no event behind them yet
    bool due = false;    // one has come
  };
  struct Walk {
    const Market& market;
    TradeCandles candles;
    bool of_note;   // of the file's note, which is taken back at its end
    bool unproven;  // what lies at its end waits for a proof
    std::int64_t revised = 0;
  };
  struct FilledSequenceGap {
    MarketId market;
    SequenceGap sequence_gap;
  };

  Result<void> begin_next();
  Result<bool> step_walk();

  const MarketTable& markets_;
  const store::Reader& reader_;
  store::JournalWriter& writer_;
  flow::Log& log_;
  std::vector<Waiting> of_market_;
  std::deque<FilledSequenceGap> filled_;
  std::optional<Walk> walk_;
  const Market* at_hand_ = nullptr;  // of the walk that goes on or failed last
};

}  // namespace candled::engine
