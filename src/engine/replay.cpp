#include "engine/replay.hpp"

#include <utility>

namespace candled::engine {

Replay::Replay(const EngineSettings& settings, Visitor visitor)
    : settings_(settings),
      visitor_(std::move(visitor)),
      in_(flow::make_channel(settings.queue_capacity)),
      out_(flow::make_channel(settings.queue_capacity)),
      line_(settings_, std::move(in_.receiver), std::move(out_.sender), statistics_),
      stages_(line_.stages()) {}

Replay::~Replay() { drain(); }  // what is under way owns memory

Result<std::vector<std::string>> Replay::load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence, const store::Reader& reader,
                                              const LoadModel& load_model, flow::Log& log) {
  return line_.load(checkpoint, checkpoint_sequence, reader, load_model, log);
}

void Replay::push(const Event& event) {
  while (!in_.sender.try_push(event)) drain();
}

void Replay::drain() {
  bool busy = true;
  while (busy) {
    busy = false;
    for (flow::Stage* stage : stages_) busy |= stage->poll() == flow::Progress::busy;
    visit_all();
  }
}

void Replay::visit_all() {
  while (Event* event = out_.receiver.front()) {
    if (event->kind() == EventKind::checkpoint) {
      states_ = std::move(event->checkpoint().states);
    } else {
      visitor_(*event);
    }
    event->dispose();
    out_.receiver.pop();
  }
}

Checkpoint Replay::checkpoint() {
  push(Event::of(new Checkpoint));  // the event owns it; visit_all frees it
  drain();
  return {std::exchange(states_, {})};
}

}  // namespace candled::engine
