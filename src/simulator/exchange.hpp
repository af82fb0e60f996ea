// Exchange: the whole simulated exchange without sockets and without a clock of its own. One thread.
//
// The network part calls advance() whenever something may be due (it says when next), tick() several times a second,
// and hands in what clients send. All wall times are since the server began and never go back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "candled/simulator/local_exchange.hpp"
#include "simulator/admission.hpp"
#include "simulator/book_board.hpp"
#include "simulator/dialect.hpp"
#include "simulator/fault_board.hpp"
#include "simulator/market_clock.hpp"
#include "simulator/open_tapes.hpp"
#include "simulator/session.hpp"
#include "simulator/trade_batch.hpp"

namespace candled::simulator {

class Exchange {
 public:
  Exchange(LocalExchangeSettings settings, OpenedMarkets markets, std::unique_ptr<Dialect> dialect);

  struct Next {
    bool again = false;          // more is due right now
    std::optional<Duration> at;  // or at this wall time; neither: when a client subscribes or has read
  };
  // Releases what is due, a bounded slice of it.
  Next advance(Duration wall);
  void tick(Duration wall);
  void begin_clock(Duration wall) { clock_.begin(wall); }
  // The tape has ended and every client has been sent all of it.
  bool finished() const;

  // For sessions.
  void attach(Session& session);
  void detach(Session& session);
  void on_subscription(Duration wall);
  std::optional<std::size_t> find(std::string_view stream_name) const;
  std::vector<Frame> trade_snapshot(std::size_t market, std::uint8_t style, Duration wall);
  // Of the order book as its subscribers of this depth have it; before the session is one of them.
  Frame book_snapshot(std::size_t market, std::size_t depth, std::uint8_t style, Duration wall);
  bool silent(Duration wall) const { return faults_.lasts(FaultKind::stall, wall); }

  // For sessions, REST, the operator and the network.
  Dialect& dialect() const { return *dialect_; }
  const Limits& limits() const { return limits_; }
  Scene scene(Duration wall) const { return {now(wall), markets_, faults_.lasts(FaultKind::maintenance, wall)}; }
  const LocalExchangeSettings& settings() const { return settings_; }
  const std::vector<SimulatedMarket>& markets() const { return markets_; }
  Timestamp now(Duration wall) const { return clock_.now(wall); }
  FaultBoard& faults() { return faults_; }
  Admission& admission() { return admission_; }
  ExchangeStatistics& statistics() { return statistics_; }
  const MarketClock& clock() const { return clock_; }
  bool tape_ended() const { return ended_; }
  std::int64_t connections() const { return static_cast<std::int64_t>(sessions_.size()); }
  void close_all(std::uint16_t code, const std::string& reason);
  void clear_faults();

 private:
  Next advance_paced(Duration wall);
  Next advance_pulled(Duration wall);
  SimulatedMarket* earliest();
  void release(SimulatedMarket& market, Duration wall);
  void show_book(const SimulatedMarket& market);
  void send_books(Duration wall);
  bool is_unseen(SimulatedMarket& market, Duration wall);
  bool clients_can_take_more() const;
  void flush(Duration wall);
  void end_tape(Duration wall);

  void strike_timed(Duration market_elapsed, Duration wall);
  void apply(const Fault& fault, Duration wall);
  void apply_to_sessions(const Fault& fault, Duration wall);
  void make_unseen(const Fault& fault, std::int64_t trades);
  void repeat_trades(const Fault& fault, Duration wall);
  Frame frame_of(const Fault& fault, Duration wall);
  std::optional<std::size_t> market_of(const Fault& fault) const;

  LocalExchangeSettings settings_;
  std::unique_ptr<Dialect> dialect_;
  Limits limits_;
  std::vector<SimulatedMarket> markets_;
  MarketClock clock_;
  FaultBoard faults_;
  Admission admission_;
  std::vector<Session*> sessions_;
  TradeBatch trades_;
  BookBoard books_;
  struct PendingBook {
    std::size_t market, depth;
    BookMessage message;
  };
  std::vector<PendingBook> pending_books_;  // to be sent at the next flush, ahead of the trades
  ExchangeStatistics statistics_;
  std::int64_t unseen_left_ = 0;
  std::int64_t exponents_left_ = 0;
  bool ended_ = false;
};

}  // namespace candled::simulator
