// Head: where the one arrow back meets the conveyor. Merges what ingest sends with control and requests, numbers all, and asks every
// station for its state now and then (a checkpoint is an event like any other, so all states are of one place in the stream).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "candled/engine/settings.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/stage.hpp"

namespace candled::engine {

class Head : public flow::Stage {
 public:
  Head(const EngineSettings& settings, flow::Receiver feed, flow::Receiver control, flow::Receiver requests,
       flow::Receiver probes, flow::Sender out, EngineStatistics& statistics);
  std::string_view name() const override { return "head"; }
  flow::Progress poll() override;
  void attach(flow::Parker& parker) override;

  // Start-up: the place of the last checkpoint, and the last trade of each market there.
  void resume_behind(std::int64_t sequence, std::vector<std::int64_t> last_trade_ids);
  // Passes a recorded head event on under the number it had; not while it is full. Then numbering goes on behind `sequence`.
  void replay(Event recorded);
  bool full() { return out_.full(); }
  void resume_numbering(std::int64_t sequence);
  void save(Checkpoint& checkpoint) const { save(checkpoint, markets_, last_trade_ids_); }
  // States that every checkpoint keeps as they are: those of markets that stand still because this run does not have them.
  void carry(Checkpoint others) { carried_ = std::move(others); }
  const Checkpoint& carried() const { return carried_; }
  static void save(Checkpoint& checkpoint, const MarketTable& markets, const std::vector<std::int64_t>& last_trade_ids);
  static std::vector<std::int64_t> last_trade_ids(const Checkpoint& checkpoint, const MarketTable& markets);

 private:
  void send(Event event);
  void note_trade(const Event& event);
  bool send_checkpoint();
  bool pass_probe();
  int take_from(flow::Receiver& receiver, int events_max);

  const MarketTable& markets_;
  const std::int64_t events_per_checkpoint_;
  flow::Receiver feed_, control_, requests_, probes_;
  flow::Sender out_;
  EngineStatistics& statistics_;
  std::int64_t last_sequence_ = 0;
  std::int64_t last_checkpoint_ = 0;
  std::vector<std::int64_t> last_trade_ids_;  // by market
  Checkpoint carried_;
};

}  // namespace candled::engine
