#include "candled/engine/conveyor.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "candled/features/feature_set.hpp"
#include "candled/flow/thread.hpp"
#include "engine/candle_station.hpp"
#include "engine/feature_station.hpp"
#include "engine/head.hpp"
#include "engine/inference_station.hpp"
#include "engine/journal_station.hpp"
#include "engine/trading_station.hpp"

namespace candled::engine {
namespace {

std::vector<std::string> feature_hashes(const MarketTable& markets) {
  std::vector<std::string> hashes;
  for (const store::FeatureListRecord& list : feature_lists(markets)) hashes.push_back(list.hash);
  return hashes;
}

constexpr std::size_t control_capacity = 64;

}  // namespace

std::vector<store::FeatureListRecord> feature_lists(const MarketTable& markets) {
  std::vector<store::FeatureListRecord> lists;
  for (const Market& market : markets) {
    const features::FeatureSet set(market.interval);
    store::FeatureListRecord record{set.hash(), {}};
    for (const features::FeatureInfo& info : set.list()) record.names.push_back(info.name);
    lists.push_back(std::move(record));
  }
  return lists;
}

class Conveyor::Implementation {
 public:
  Implementation(EngineSettings given, store::JournalWriter& writer, const store::Reader& stored, flow::Log& lent_log,
                 EngineStatistics& lent_statistics)
      : settings(std::move(given)), reader(stored), log(lent_log), statistics(lent_statistics) {
    const std::size_t capacity = settings.queue_capacity;
    flow::Channel a = flow::make_channel(capacity), b = flow::make_channel(capacity), c = flow::make_channel(capacity);
    flow::Channel d = flow::make_channel(capacity), e = flow::make_channel(capacity), f = flow::make_channel(capacity);
    flow::Channel g = flow::make_channel(control_capacity), h = flow::make_channel(1);
    feed.emplace(std::move(a.sender));
    control.emplace(std::move(g.sender));
    probes.emplace(std::move(h.sender));
    head.emplace(settings, std::move(a.receiver), std::move(g.receiver), std::move(h.receiver), std::move(b.sender), statistics);
    candles.emplace(settings, std::move(b.receiver), std::move(c.sender), statistics);
    features.emplace(settings, std::move(c.receiver), std::move(d.sender));
    inference.emplace(feature_hashes(settings.markets), std::move(d.receiver), std::move(e.sender), statistics);
    trading.emplace(settings, std::move(e.receiver), std::move(f.sender), statistics);
    journal.emplace(settings, std::move(f.receiver), writer, reader, statistics, log);
    stages = {&*head, &*candles, &*features, &*inference, &*trading, &*journal};
  }

  void attach(flow::StageThread& thread, std::size_t first, std::size_t last);
  std::vector<std::vector<std::size_t>> groups() const;
  Result<void> load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence, const LoadModel& load_model);

  const EngineSettings settings;
  const store::Reader& reader;
  flow::Log& log;
  EngineStatistics& statistics;
  // In front of the channels: an end that goes wakes the thread of the other end, so the threads' parkers must go last.
  std::vector<std::unique_ptr<flow::StageThread>> threads;
  std::optional<flow::Sender> feed, control, probes;
  std::optional<Head> head;
  std::optional<CandleStation> candles;
  std::optional<FeatureStation> features;
  std::optional<InferenceStation> inference;
  std::optional<TradingStation> trading;
  std::optional<JournalStation> journal;
  std::vector<flow::Stage*> stages;  // in the order of the conveyor
};

Conveyor::Conveyor(EngineSettings settings, store::JournalWriter& writer, const store::Reader& reader, flow::Log& log,
                   EngineStatistics& statistics)
    : implementation_(std::make_unique<Implementation>(std::move(settings), writer, reader, log, statistics)) {}

Conveyor::~Conveyor() = default;

flow::Sender& Conveyor::feed() { return *implementation_->feed; }
flow::Sender& Conveyor::control() { return *implementation_->control; }
void Conveyor::send_probe() {
  implementation_->probes->try_push(Event::probe());
  implementation_->probes->flush();
}
void Conveyor::stopping() { implementation_->journal->stopping(); }
bool Conveyor::gave_up() const { return implementation_->journal->gave_up(); }

Result<void> Conveyor::Implementation::load(const Checkpoint& checkpoint, std::int64_t checkpoint_sequence, const LoadModel& load_model) {
  if (Result<void> loaded = candles->load(checkpoint); !loaded) return loaded;
  for (const Market& market : settings.markets) {
    if (Result<void> loaded = features->load(checkpoint, market); !loaded) {
      const std::vector<Candle> stored = reader.candles_up_to(market.id, checkpoint_sequence);
      if (!stored.empty()) log.info("feature state made anew", {{"candles", std::to_string(stored.size())}, {"why", loaded.error().message}});
      features->rebuild(market.id, stored);
    }
  }
  if (Result<void> loaded = inference->load(checkpoint, load_model); !loaded) {
    log.warning("the model that ran last cannot be loaded", {{"why", loaded.error().message}, {"next", "no predictions until another takes over"}});
  }
  return trading->load(checkpoint);
}

Result<RecoveryReport> Conveyor::recover(const LoadModel& load_model) {
  Implementation& self = *implementation_;
  const store::StreamPosition position = self.reader.position();
  const Checkpoint checkpoint{self.reader.checkpoint_states()};
  if (Result<void> loaded = self.load(checkpoint, position.checkpoint_sequence, load_model); !loaded) return std::unexpected(loaded.error());

  std::vector<std::int64_t> last_trade_ids = Head::last_trade_ids(checkpoint, self.settings.markets);
  const std::vector<store::RecordedEvent> events = self.reader.events_behind(position.checkpoint_sequence, last_trade_ids);
  self.head->resume_behind(position.checkpoint_sequence, std::move(last_trade_ids));
  auto drain = [&] {
    bool busy = true;
    while (busy) {
      busy = false;
      for (std::size_t i = 1; i + 1 < self.stages.size(); ++i) busy |= self.stages[i]->poll() == flow::Progress::busy;
      busy |= self.journal->discard();
    }
  };
  for (const store::RecordedEvent& recorded : events) {
    Event event = recorded.event;
    if (!recorded.model.empty()) {
      Result<std::shared_ptr<const Predictor>> predictor = load_model(recorded.model);
      if (!predictor) {
        self.log.warning("a model of the replayed stretch cannot be loaded", {{"why", predictor.error().message}});
        continue;
      }
      event = Event::of(new Takeover{*predictor, std::nullopt});  // the event owns it; discard() frees it
      event.sequence = recorded.event.sequence;
    }
    while (!self.head->replay(event)) drain();
  }
  drain();
  self.journal->settle();
  self.head->resume_numbering(position.last_sequence);
  self.statistics.committed_sequence.set(position.last_sequence);
  const Predictor* running = self.inference->running();
  return RecoveryReport{position.last_sequence, events.size(), running != nullptr ? running->name() : std::string()};
}

// Which stages share a thread, as positions in `stages`.
std::vector<std::vector<std::size_t>> Conveyor::Implementation::groups() const {
  switch (settings.layout) {
    case ThreadLayout::stages: return {{0}, {1}, {2}, {3}, {4}, {5}};
    case ThreadLayout::market: return {{0, 1, 2, 3, 4}, {5}};
    case ThreadLayout::inline_journal: return {{0, 1, 2, 3, 4, 5}};
  }
  invariant_failed("unknown thread layout");
}

void Conveyor::Implementation::attach(flow::StageThread& thread, std::size_t first, std::size_t last) {
  auto within = [&](std::size_t stage) { return stage >= first && stage <= last; };
  if (within(0)) head->attach(thread.parker());
  if (within(1)) candles->attach(thread.parker());
  if (within(2)) features->attach(thread.parker());
  if (within(3)) inference->attach(thread.parker());
  if (within(4)) trading->attach(thread.parker());
  if (within(5)) journal->attach(thread.parker());
}

void Conveyor::start() {
  Implementation& self = *implementation_;
  for (const std::vector<std::size_t>& group : self.groups()) {
    std::vector<flow::Stage*> members;
    for (const std::size_t i : group) members.push_back(self.stages[i]);
    const std::string name = group.size() == 1 ? std::string(members.front()->name()) : std::string("market");
    self.threads.push_back(std::make_unique<flow::StageThread>(name, members));
    self.attach(*self.threads.back(), group.front(), group.back());
  }
  for (const auto& thread : self.threads) thread->start();
}

void Conveyor::join() {
  for (const auto& thread : implementation_->threads) thread->join();
}

bool Conveyor::poll() {
  bool busy = false;
  for (flow::Stage* stage : implementation_->stages) busy |= stage->poll() == flow::Progress::busy;
  return busy;
}

}  // namespace candled::engine
