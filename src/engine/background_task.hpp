// BackgroundTask: work behind the commit that nobody waits for, done on the journal's thread a bounded step at a time.
#pragma once

#include <string_view>
#include <utility>

#include "candled/domain/event.hpp"
#include "candled/domain/result.hpp"
#include "candled/store/journal_writer.hpp"

namespace candled::engine {

class BackgroundTask {
 public:
  // When a step is given: behind a commit, with events that may wait for the next one, or while nothing waits.
  enum class Moment { behind_commit, idle };

  virtual ~BackgroundTask() = default;
  virtual std::string_view name() const = 0;
  // Recovery is over, no step was given yet.
  virtual void begin() {}
  // Every committed event, in the order of the stream. Notes what follows from it; the work is for the steps.
  virtual void committed(const Event& /*event*/) {}
  // One piece of work of some milliseconds at most, if there is any and the moment suits. True when something was done or there is more to
  // do at once. What fails is told in the log and tried again at a later step or at the next start; a step throws nothing.
  virtual bool step(Moment moment) = 0;
  // The run ends: does what must not be left to the next one, however long it takes.
  virtual void finish() {}
};

// Work on the file whose exceptions are errors like the others.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const store::StoreError& error) {
    return retry(error.what());
  }
}

}  // namespace candled::engine
