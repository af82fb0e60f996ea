// LogTask: cuts the write-ahead log where it has grown.
#pragma once

#include "candled/domain/time.hpp"
#include "candled/flow/log.hpp"
#include "candled/store/retention.hpp"
#include "engine/background_task.hpp"

namespace candled::engine {

class LogTask : public BackgroundTask {
 public:
  // Both are not owned; the retention belongs to the journal's thread.
  LogTask(store::Retention& retention, flow::Log& log) : retention_(retention), log_(log) {}
  std::string_view name() const override { return "cut the write-ahead log"; }
  bool step(Moment moment) override;

 private:
  store::Retention& retention_;
  flow::Log& log_;
  Duration looked_at_, warned_at_;  // monotonic
};

}  // namespace candled::engine
