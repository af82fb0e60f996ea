#include "engine/station.hpp"

#include <utility>

namespace candled::engine {
namespace {

constexpr int slice_events_max = 512;  // keeps one poll short, so that stages that share a thread take turns

}  // namespace

Station::Station(std::string name, flow::Receiver in, flow::Sender out)
    : name_(std::move(name)), in_(std::move(in)), out_(std::move(out)) {}

void Station::attach(flow::Parker& parker) {
  in_.attach(parker);
  out_.attach(parker);
}

void Station::emit(Event&& event) {
  if (!has_backlog() && out_.try_push(std::move(event))) {
    ++sent_;
  } else {
    // A full channel has left the event here.
    backlog_.push_back(std::move(event));  // NOLINT(bugprone-use-after-move)
  }
}

bool Station::send_backlog() {
  while (has_backlog() && out_.try_push(std::move(backlog_[next_]))) {
    ++next_;
    ++sent_;
  }
  if (has_backlog()) return false;
  backlog_.clear();
  next_ = 0;
  return true;
}

flow::Progress Station::poll() {
  const std::size_t sent_before = sent_;
  int passed = 0;
  for (int step = 0; step < slice_events_max && send_backlog(); ++step) {
    Event* event = in_.front();
    if (event == nullptr) break;
    if (pass(*event) == Step::again) continue;
    in_.drop();
    ++passed;
  }
  if (passed > 0) in_.release();
  if (sent_ != sent_before) out_.flush();
  if (passed > 0 || sent_ != sent_before) return flow::Progress::busy;
  if (has_backlog() || !in_.finished()) return flow::Progress::idle;
  out_.close();
  return flow::Progress::done;
}

std::string state_name(std::string_view station, std::string_view market) {
  return std::string(station) + "/" + std::string(market);
}

const std::string* find_state(const Checkpoint& checkpoint, const std::string& name) {
  for (const auto& [station, state] : checkpoint.states) {
    if (station == name) return &state;
  }
  return nullptr;
}

Checkpoint states_of_others(const Checkpoint& stored, const Checkpoint& own) {
  Checkpoint others;
  for (const auto& state : stored.states) {
    if (find_state(own, state.first) == nullptr) others.states.push_back(state);
  }
  return others;
}

void append(Checkpoint& checkpoint, const Checkpoint& more) {
  checkpoint.states.insert(checkpoint.states.end(), more.states.begin(), more.states.end());
}

}  // namespace candled::engine
