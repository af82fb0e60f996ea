// Station: what the stages of the conveyor share: read an event, add to it, pass it on; never block, never drop.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/event.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/stage.hpp"

namespace candled::engine {

class Station : public flow::Stage {
 public:
  Station(std::string name, flow::Receiver in, flow::Sender out);
  std::string_view name() const final { return name_; }
  flow::Progress poll() final;
  void attach(flow::Parker& parker) final;

 protected:
  enum class Step { passed, again };
  // Handles one event: emits what follows from it, then moves the event on by itself. `again` asks to be called with the same event once
  // what was emitted has left; it keeps the memory of a long catch-up bounded.
  virtual Step pass(Event& event) = 0;
  void emit(Event&& event);
  bool has_backlog() const { return next_ < backlog_.size(); }

 private:
  bool send_backlog();

  std::string name_;
  flow::Receiver in_;
  flow::Sender out_;
  std::vector<Event> backlog_;  // emitted, waiting for room
  std::size_t next_ = 0;
  std::size_t sent_ = 0;
};

// A station's part of a checkpoint: one named state a market.
std::string state_name(std::string_view station, std::string_view market);
const std::string* find_state(const Checkpoint& checkpoint, const std::string& name);
// Of markets that are in the file and not in this run's config: what `own` lacks of `stored`.
Checkpoint states_of_others(const Checkpoint& stored, const Checkpoint& own);
void append(Checkpoint& checkpoint, const Checkpoint& more);

}  // namespace candled::engine
