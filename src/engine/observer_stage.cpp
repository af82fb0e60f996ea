#include "engine/observer_stage.hpp"

#include <optional>
#include <utility>

namespace candled::engine {
namespace {

constexpr int slice_events_max = 512;

}  // namespace

EventKinds wanted_by(const std::vector<CommitObserver*>& observers) {
  EventKinds kinds;
  for (const CommitObserver* observer : observers) {
    for (int number = 0; number <= static_cast<int>(EventKind::probe); ++number) {
      const auto kind = static_cast<EventKind>(number);
      if (observer->wants(kind)) kinds.add(kind);
    }
  }
  return kinds;
}

ObserverStage::ObserverStage(flow::Receiver in, std::vector<CommitObserver*> observers,
                             const EngineStatistics& statistics)
    : in_(std::move(in)), observers_(std::move(observers)), statistics_(statistics) {
  for (CommitObserver* observer : observers_) wanted_.push_back(wanted_by({observer}));
}

flow::Progress ObserverStage::poll() {
  int seen = tell_missed() ? 1 : 0;
  for (; seen < slice_events_max; ++seen) {
    const std::optional<Event> event = in_.pop();
    if (!event) break;
    for (std::size_t i = 0; i < observers_.size(); ++i) {
      if (wanted_[i].has(event->kind())) observers_[i]->committed(*event);
    }
  }
  if (seen > 0) return flow::Progress::busy;
  return in_.finished() ? flow::Progress::done : flow::Progress::idle;
}

bool ObserverStage::tell_missed() {
  const std::int64_t missed = statistics_.unobserved.value() - missed_told_;
  if (missed == 0) return false;
  missed_told_ += missed;
  for (CommitObserver* observer : observers_) observer->missed(missed);
  return true;
}

}  // namespace candled::engine
