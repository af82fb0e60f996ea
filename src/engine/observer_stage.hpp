// ObserverStage: behind the journal; gives what is committed to the observers.
#pragma once

#include <cstdint>
#include <vector>

#include "candled/engine/commit_observer.hpp"
#include "candled/engine/statistics.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/stage.hpp"

namespace candled::engine {

class EventKinds {
 public:
  void add(EventKind kind) { bits_ |= bit(kind); }
  bool has(EventKind kind) const { return (bits_ & bit(kind)) != 0; }

 private:
  static std::uint32_t bit(EventKind kind) { return 1U << static_cast<unsigned>(kind); }
  std::uint32_t bits_ = 0;
};

EventKinds wanted_by(const std::vector<CommitObserver*>& observers);

class ObserverStage : public flow::Stage {
 public:
  // Observers and statistics are not owned.
  ObserverStage(flow::Receiver in, std::vector<CommitObserver*> observers, const EngineStatistics& statistics);
  std::string_view name() const override { return "observers"; }
  flow::Progress poll() override;
  void attach(flow::Parker& parker) override { in_.attach(parker); }

 private:
  bool tell_missed();

  flow::Receiver in_;
  const std::vector<CommitObserver*> observers_;
  std::vector<EventKinds> wanted_;  // by observer
  const EngineStatistics& statistics_;
  std::int64_t missed_told_ = 0;
};

}  // namespace candled::engine
