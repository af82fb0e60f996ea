// Pipeline: drives stages in a row, on the caller's thread or on threads of its own.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "candled/flow/stage.hpp"

namespace candled::flow {

class Pipeline {
 public:
  // In the order of the line; none is null. The stages outlive every call; the pipeline outlives the channels between them, whose ends wake
  // its threads.
  explicit Pipeline(std::vector<Stage*> stages);
  ~Pipeline();
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;

  // On the caller's thread: polls each stage that is not done once. False when none had anything to do.
  bool poll();
  // Polls until no stage has anything to do.
  void drain();

  // One thread that polls the next stages of the line in turns, and sleeps while none has anything to do.
  struct Group {
    std::string name;  // of the thread
    std::size_t stages = 1;
  };
  // Together the groups are the whole line.
  void start(const std::vector<Group>& groups);
  // Returns when every stage is done.
  void join();

 private:
  class Row;
  class Thread;
  std::unique_ptr<Row> row_;
  std::vector<std::unique_ptr<Thread>> threads_;
};

}  // namespace candled::flow
