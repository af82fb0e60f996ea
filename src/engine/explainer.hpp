// Explainer: adds to each prediction what moved it. In front of the journal's commit, so that no decision waits for it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "candled/domain/event.hpp"
#include "candled/domain/predictor.hpp"

namespace candled::engine {

class Explainer {
 public:
  // So many features a prediction; 0: none is explained.
  explicit Explainer(std::size_t contributions) : contributions_(contributions) {}

  // The model that predicts from the next event on, at the end of recovery; null: none.
  void resume(std::shared_ptr<const Predictor> predictor) { predictor_ = std::move(predictor); }
  // Events in the order of the stream, each of them once. Stale predictions are left alone: nothing was decided on them, and a
  // catch-up has thousands.
  void explain(std::span<Event> events);

 private:
  void explain(CandleReport& report) const;

  const std::size_t contributions_;
  std::shared_ptr<const Predictor> predictor_;
};

}  // namespace candled::engine
