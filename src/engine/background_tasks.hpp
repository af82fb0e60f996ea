// BackgroundTasks: the one queue of work behind the commit. Earlier tasks go first; a task gets one step at a time.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/background_task.hpp"

namespace candled::engine {

class BackgroundTasks {
 public:
  using List = std::vector<std::unique_ptr<BackgroundTask>>;
  // The most urgent first.
  explicit BackgroundTasks(List tasks) : tasks_(std::move(tasks)) {}

  void begin();
  void committed(const Event& event);
  // Behind a commit: a step of each task, so that none starves while events keep coming.
  void step_behind_commit();
  // Nothing waits: a step of the first task that has something to do. False when none has.
  bool step_idle();
  void finish();

 private:
  List tasks_;
};

}  // namespace candled::engine
