#include "engine/replay.hpp"

#include <utility>

namespace candled::engine {

Replay::Replay(const EngineSettings& settings, Visitor visitor)
    : settings_(settings),
      visitor_(std::move(visitor)),
      in_(flow::make_channel(settings.queue_capacity)),
      out_(flow::make_channel(settings.queue_capacity)),
      line_(settings_, std::move(in_.receiver), std::move(out_.sender), statistics_),
      sink_(std::move(out_.receiver), [this](Event&& event) { take(std::move(event)); }),
      pipeline_(line_.stages_and(sink_)) {}

Result<std::vector<std::string>> Replay::load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence,
                                              const store::Reader& reader, const LoadModel& load_model,
                                              flow::Log& log) {
  return line_.load(checkpoint, checkpoint_sequence, reader, load_model, log);
}

void Replay::push(Event event) {
  if (in_.sender.full()) drain();
  in_.sender.push(std::move(event));
}

void Replay::drain() { pipeline_.drain(); }

void Replay::take(Event&& event) {
  if (event.kind() == EventKind::checkpoint) {
    states_ = std::move(event.checkpoint().states);
  } else {
    visitor_(event);
  }
}

Checkpoint Replay::checkpoint() {
  push(Event::of(std::make_unique<Checkpoint>()));
  drain();
  return {std::exchange(states_, {})};
}

}  // namespace candled::engine
