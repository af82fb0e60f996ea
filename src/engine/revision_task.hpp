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
  using Spans = std::vector<candles::TimeRange>;
  // Ids of a sequence gap that came, one run of them; and when, where that is not between the trades beside them.
  struct Came {
    SequenceGap ids;
    Spans late;
  };
  // What is to be looked at. The writer has noted in the same transaction that a revision is due, so a crash is made up for by finish() at the
  // next start.
  struct OfMarket {
    Spans noted;  // late trades and gap candles were committed, and no event behind them yet: a repair is many in a row
    Spans due;    // one has come
    std::deque<Came> came;  // page by page while a gap is filled
    Duration filled_at;     // monotonic; of the last look at what came
    bool failed = false;    // a walk did: the note stays for the next start

    bool idle() const { return noted.empty() && due.empty() && came.empty(); }
  };
  struct Walk {
    const Market& market;
    TradeCandles candles;
    candles::TimeRange span;
    bool unproven;  // what lies at its end waits for a proof
    std::int64_t revised = 0;
  };

  void take(OfMarket& of, const SequenceGap& came);
  void take_replaced(const Market& market);
  std::optional<candles::TimeRange> next_span(const Market& market);
  bool begin_next();
  Result<bool> step_walk();

  const MarketTable& markets_;
  const store::Reader& reader_;
  store::JournalWriter& writer_;
  flow::Log& log_;
  std::vector<OfMarket> of_market_;
  std::optional<Walk> walk_;
  const Market* at_hand_ = nullptr;  // of the walk that goes on or failed last
};

}  // namespace candled::engine
