#include "engine/head.hpp"

#include <algorithm>
#include <utility>

#include "candled/domain/state_archive.hpp"
#include "engine/station.hpp"

namespace candled::engine {
namespace {

constexpr int slice_events_max = 512;
constexpr std::string_view station = "head";

}  // namespace

Head::Head(const EngineSettings& settings, flow::Receiver feed, flow::Receiver control, flow::Receiver requests,
           flow::Receiver probes, flow::Sender out, EngineStatistics& statistics)
    : markets_(settings.markets),
      events_per_checkpoint_(settings.events_per_checkpoint),
      feed_(std::move(feed)),
      control_(std::move(control)),
      requests_(std::move(requests)),
      probes_(std::move(probes)),
      out_(std::move(out)),
      statistics_(statistics),
      last_trade_ids_(settings.markets.size(), INT64_MIN) {}

void Head::attach(flow::Parker& parker) {
  feed_.attach(parker);
  control_.attach(parker);
  requests_.attach(parker);
  probes_.attach(parker);
  out_.attach(parker);
}

void Head::resume_behind(std::int64_t sequence, std::vector<std::int64_t> last_trade_ids) {
  last_sequence_ = sequence;
  last_checkpoint_ = sequence;
  last_trade_ids_ = std::move(last_trade_ids);
}

std::vector<std::int64_t> Head::last_trade_ids(const Checkpoint& checkpoint, const MarketTable& markets) {
  std::vector<std::int64_t> ids(markets.size(), INT64_MIN);
  for (const Market& market : markets) {
    const std::string* state = find_state(checkpoint, state_name(station, market.name()));
    if (state == nullptr) continue;
    StateReader reader(*state);
    reader(ids[index_of(market.id)]);
  }
  return ids;
}

// Not while there is no room.
void Head::send(Event event) {
  event.sequence = ++last_sequence_;
  statistics_.head_events.add();
  note_trade(event);
  out_.push(std::move(event));
}

void Head::note_trade(const Event& event) {
  if (event.kind() != EventKind::trade) return;
  std::int64_t& last = last_trade_ids_[index_of(event.market())];
  last = std::max(last, event.trade().id);
}

void Head::replay(Event recorded) {
  note_trade(recorded);
  out_.push(std::move(recorded));
}

void Head::resume_numbering(std::int64_t sequence) { last_sequence_ = sequence; }

void Head::save(Checkpoint& checkpoint, const MarketTable& markets, const std::vector<std::int64_t>& last_trade_ids) {
  for (const Market& market : markets) {
    StateWriter writer;
    writer(last_trade_ids[index_of(market.id)]);
    checkpoint.states.emplace_back(state_name(station, market.name()), writer.take());
  }
}

bool Head::send_checkpoint() {
  if (out_.full()) return false;
  auto checkpoint = std::make_unique<Checkpoint>();
  save(*checkpoint);
  append(*checkpoint, carried_);
  last_checkpoint_ = last_sequence_ + 1;
  send(Event::of(std::move(checkpoint)));
  return true;
}

int Head::take_from(flow::Receiver& receiver, int events_max) {
  int taken = 0;
  for (; taken < events_max; ++taken) {
    if (last_sequence_ - last_checkpoint_ >= events_per_checkpoint_ && !send_checkpoint()) break;
    if (out_.full()) break;
    std::optional<Event> event = receiver.pop();
    if (!event) break;
    send(std::move(*event));
  }
  if (taken > 0) receiver.release();
  return taken;
}

bool Head::pass_probe() {
  if (out_.full()) return false;
  std::optional<Event> probe = probes_.pop();
  if (!probe) return false;
  out_.push(std::move(*probe));
  return true;
}

flow::Progress Head::poll() {
  statistics_.feed_queue.set(static_cast<std::int64_t>(feed_.was_size()));
  const int taken = take_from(control_, slice_events_max) + take_from(requests_, slice_events_max) +
                    take_from(feed_, slice_events_max);
  if (pass_probe() || taken > 0) {
    out_.flush();
    return flow::Progress::busy;
  }
  if (!feed_.finished() || !control_.empty() || !requests_.empty()) return flow::Progress::idle;
  if (last_sequence_ > last_checkpoint_ && !send_checkpoint()) return flow::Progress::idle;  // a clean stop starts fast
  out_.close();
  return flow::Progress::done;
}

}  // namespace candled::engine
