#include "engine/background_tasks.hpp"

#include <algorithm>

namespace candled::engine {

void BackgroundTasks::begin() {
  for (const auto& task : tasks_) task->begin();
}

void BackgroundTasks::committed(const Event& event) {
  for (const auto& task : tasks_) task->committed(event);
}

void BackgroundTasks::step_behind_commit() {
  for (const auto& task : tasks_) task->step(BackgroundTask::Moment::behind_commit);
}

bool BackgroundTasks::step_idle() {
  return std::ranges::any_of(tasks_, [](const auto& task) { return task->step(BackgroundTask::Moment::idle); });
}

void BackgroundTasks::finish() {
  for (const auto& task : tasks_) task->finish();
}

}  // namespace candled::engine
