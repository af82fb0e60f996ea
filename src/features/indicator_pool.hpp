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

// A number in a feature's name, as the indicator's constructor wants it.
struct Parameter {
  double value = 0;

  int whole() const { return static_cast<int>(value); }
  operator int() const { return whole(); }   // NOLINT: by intention implicit
  operator double() const { return value; }  // NOLINT
  friend bool operator==(Parameter, Parameter) = default;
};
// {12, 26, 9} of "macd_ratio_12_26_9".
using Parameters = std::vector<Parameter>;

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
// starts again behind a gap and behind a number that is not known; one without carries on.
template <class Indicator, double Bar::* Field>
class NodeOf final : public Node {
 public:
  template <class... Arguments>
  NodeOf(Parameters made_from, Arguments&&... arguments)
      : indicator(std::forward<Arguments>(arguments)...), parameters(std::move(made_from)) {}

  void update(const Bar& bar) override {
    if constexpr (requires { indicator.update(bar); }) {
      indicator.update(bar);
    } else if constexpr (Field == &Bar::close || Field == &Bar::volume) {
      indicator.update(bar.*Field);
    } else {
      const double x = bar.*Field;
      if (known(x)) {
        indicator.update(x);
      } else {
        indicator.clear();
      }
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

// Indicators are updated in the order in which they were first asked for.
class IndicatorPool {
 public:
  // The indicator of this type, input and parameters, made of the parameters at the first call. Lives as long as the
  // pool, and stays where it is when the pool is moved.
  template <class Indicator, double Bar::* Field = &Bar::close>
  const Indicator& get(const Parameters& p) {
    if (const Indicator* found = find<Indicator, Field>(p)) return *found;
    if constexpr (std::is_constructible_v<Indicator>) {
      if (p.empty()) return add<Indicator, Field>(p);
    }
    if constexpr (std::is_constructible_v<Indicator, Parameter>) {
      if (p.size() == 1) return add<Indicator, Field>(p, p[0]);
    }
    if constexpr (std::is_constructible_v<Indicator, Parameter, Parameter>) {
      if (p.size() == 2) return add<Indicator, Field>(p, p[0], p[1]);
    }
    if constexpr (std::is_constructible_v<Indicator, Parameter, Parameter, Parameter>) {
      if (p.size() == 3) return add<Indicator, Field>(p, p[0], p[1], p[2]);
    }
    invariant_failed("a feature family has a parameter set of the wrong length");
  }
  // One that is made of other arguments, such as an indicator of this pool that it reads: ask for that one first.
  template <class Indicator, class... Arguments>
  const Indicator& get_made_of(const Parameters& p, Arguments&&... arguments) {
    if (const Indicator* found = find<Indicator, &Bar::close>(p)) return *found;
    return add<Indicator, &Bar::close>(p, std::forward<Arguments>(arguments)...);
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
  template <class Indicator, double Bar::* Field>
  const Indicator* find(const Parameters& p) const {
    using Wanted = NodeOf<Indicator, Field>;
    for (const std::unique_ptr<Node>& node : nodes_) {
      auto* found = dynamic_cast<Wanted*>(node.get());
      if (found && found->parameters == p) return &found->indicator;
    }
    return nullptr;
  }
  template <class Indicator, double Bar::* Field, class... Arguments>
  const Indicator& add(const Parameters& p, Arguments&&... arguments) {
    auto made = std::make_unique<NodeOf<Indicator, Field>>(p, std::forward<Arguments>(arguments)...);
    const Indicator& indicator = made->indicator;
    nodes_.push_back(std::move(made));
    return indicator;
  }

  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace candled::features
