// IndicatorPool: the indicators behind a feature list, each made once however many features read it.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/state_archive.hpp"
#include "candled/features/bar.hpp"

namespace candled::features {

// The numbers in a feature's name: {12, 26, 9} of "macd_ratio_12_26_9".
using Parameters = std::vector<int>;

// One indicator in the pool, without its type.
class Node {
 public:
  virtual ~Node() = default;
  virtual void update(const Bar& bar) = 0;
  virtual void break_history() = 0;
  virtual void save(StateWriter& writer) = 0;
  virtual void load(StateReader& reader) = 0;
};

// Feeds an indicator the bar, or, if it takes one number, the bar's Field. An indicator with clear() is a window and
// starts anew behind a gap; one without carries on.
template <class Indicator, double Bar::*Field>
class NodeOf final : public Node {
 public:
  NodeOf(Indicator made, Parameters made_from) : indicator(std::move(made)), parameters(std::move(made_from)) {}

  void update(const Bar& bar) override {
    if constexpr (requires { indicator.update(bar); }) {
      indicator.update(bar);
    } else {
      indicator.update(bar.*Field);
    }
  }
  void break_history() override {
    if constexpr (requires { indicator.clear(); }) indicator.clear();
  }
  void save(StateWriter& writer) override { indicator.state(writer); }
  void load(StateReader& reader) override { indicator.state(reader); }

  Indicator indicator;
  const Parameters parameters;
};

class IndicatorPool {
 public:
  // The indicator of this type, input and parameters, made at the first call. Lives as long as the pool, and stays
  // where it is when the pool is moved.
  template <class Indicator, double Bar::*Field = &Bar::close>
  const Indicator& get(const Parameters& parameters) {
    using Wanted = NodeOf<Indicator, Field>;
    for (const std::unique_ptr<Node>& node : nodes_) {
      auto* found = dynamic_cast<Wanted*>(node.get());
      if (found && found->parameters == parameters) return found->indicator;
    }
    auto made = std::make_unique<Wanted>(make<Indicator>(parameters), parameters);
    const Indicator& indicator = made->indicator;
    nodes_.push_back(std::move(made));
    return indicator;
  }

  void update(const Bar& bar) {
    for (const std::unique_ptr<Node>& node : nodes_) node->update(bar);
  }
  void break_history() {
    for (const std::unique_ptr<Node>& node : nodes_) node->break_history();
  }
  void save(StateWriter& writer) const {
    for (const std::unique_ptr<Node>& node : nodes_) node->save(writer);
  }
  void load(StateReader& reader) {
    for (const std::unique_ptr<Node>& node : nodes_) node->load(reader);
  }

 private:
  template <class Indicator>
  static Indicator make(const Parameters& p) {
    if constexpr (std::is_constructible_v<Indicator>) {
      if (p.empty()) return Indicator();
    }
    if constexpr (std::is_constructible_v<Indicator, int>) {
      if (p.size() == 1) return Indicator(p[0]);
    }
    if constexpr (std::is_constructible_v<Indicator, int, int>) {
      if (p.size() == 2) return Indicator(p[0], p[1]);
    }
    if constexpr (std::is_constructible_v<Indicator, int, int, int>) {
      if (p.size() == 3) return Indicator(p[0], p[1], p[2]);
    }
    invariant_failed("a feature family has a parameter set of the wrong length");
  }

  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace candled::features
