// Sink: the end of a line that is driven on the caller's thread; gives each event to a function.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "candled/domain/event.hpp"
#include "candled/flow/channel.hpp"
#include "candled/flow/stage.hpp"

namespace candled::engine {

class Sink : public flow::Stage {
 public:
  using Take = std::function<void(Event&& event)>;
  Sink(flow::Receiver in, Take take) : in_(std::move(in)), take_(std::move(take)) {}
  std::string_view name() const override { return "sink"; }
  flow::Progress poll() override {
    bool moved = false;
    for (; Event* event = in_.front(); moved = true) {
      take_(std::move(*event));
      in_.drop();
    }
    if (moved) in_.release();
    return moved ? flow::Progress::busy : in_.finished() ? flow::Progress::done : flow::Progress::idle;
  }
  void attach(flow::Parker& parker) override { in_.attach(parker); }

 private:
  flow::Receiver in_;
  const Take take_;
};

}  // namespace candled::engine
