// CommitObserver: gets what the journal has committed, to pass it on: to the log, to other programs.
//
// A commit never waits for an observer and never fails because of one: the journal hands its events over after the commit, through a
// bounded queue for which it does not wait, and all observers run on a thread of their own. An observer that is slow or stuck delays the
// other observers and nobody else. What finds the queue full is missed, counted (EngineStatistics::unobserved) and reported. So observers are
// for what may be missed; whoever must see everything reads the tables, which hold every event before an observer gets it.
#pragma once

#include <cstdint>

#include "candled/domain/event.hpp"

namespace candled::engine {

class CommitObserver {
 public:
  virtual ~CommitObserver() = default;
  // Kinds that no observer wants are not handed over. Asked once, before the first event.
  virtual bool wants(EventKind kind) const = 0;
  // In the order of the stream, each event at most once, on the observers' thread. Only kinds that it wants. The event lives as long as the
  // call. The observer handles its own failures; it throws nothing.
  virtual void committed(const Event& event) noexcept = 0;
  // So many events were missed since the last call, of kinds that some observer wants; between two calls of committed().
  virtual void missed(std::int64_t events) noexcept = 0;
};

}  // namespace candled::engine
