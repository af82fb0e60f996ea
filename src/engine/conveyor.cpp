#include "candled/engine/conveyor.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "candled/features/feature_set.hpp"
#include "candled/features/formula_version.hpp"
#include "candled/flow/thread.hpp"
#include "engine/head.hpp"
#include "engine/journal_station.hpp"
#include "engine/market_line.hpp"
#include "engine/recovery.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t control_capacity = 64;

}  // namespace

std::vector<store::FeatureListRecord> feature_lists(const MarketTable& markets, std::span<const std::string> names) {
  std::vector<store::FeatureListRecord> lists;
  for (const Market& market : markets) {
    const features::FeatureSet set(market.interval, names);
    store::FeatureListRecord record{set.hash(), {}};
    for (const features::FeatureInfo& info : set.list()) {
      record.names.push_back(info.name);
      record.recorded.push_back(features::to_text({info.name, features::formula_version(info.name)}));
    }
    lists.push_back(std::move(record));
  }
  return lists;
}

class Conveyor::Implementation {
 public:
  Implementation(EngineSettings given, store::JournalWriter& lent_writer, const store::Reader& stored, flow::Log& lent_log,
                 EngineStatistics& lent_statistics)
      : settings(std::move(given)), writer(lent_writer), reader(stored), log(lent_log), statistics(lent_statistics) {
    const std::size_t capacity = settings.queue_capacity;
    flow::Channel feed_channel = flow::make_channel(capacity), control_channel = flow::make_channel(control_capacity);
    flow::Channel request_channel = flow::make_channel(control_capacity);
    flow::Channel probe_channel = flow::make_channel(1);
    flow::Channel line_channel = flow::make_channel(capacity), journal_channel = flow::make_channel(capacity);
    feed.emplace(std::move(feed_channel.sender));
    control.emplace(std::move(control_channel.sender));
    requests.emplace(std::move(request_channel.sender));
    probes.emplace(std::move(probe_channel.sender));
    head.emplace(settings, std::move(feed_channel.receiver), std::move(control_channel.receiver), std::move(request_channel.receiver),
                 std::move(probe_channel.receiver), std::move(line_channel.sender), statistics);
    line.emplace(settings, std::move(line_channel.receiver), std::move(journal_channel.sender), statistics);
    journal.emplace(settings, std::move(journal_channel.receiver), writer, reader, statistics, log);
    stages = line->stages();
    stages.insert(stages.begin(), &*head);
    stages.push_back(&*journal);
  }

  void attach(flow::StageThread& thread, std::size_t first, std::size_t last);
  std::vector<std::vector<std::size_t>> groups() const;

  const EngineSettings settings;
  store::JournalWriter& writer;
  const store::Reader& reader;
  flow::Log& log;
  EngineStatistics& statistics;
  // In front of the channels: an end that goes wakes the thread of the other end, so the threads' parkers must go last.
  std::vector<std::unique_ptr<flow::StageThread>> threads;
  std::optional<flow::Sender> feed, control, requests, probes;
  std::optional<Head> head;
  std::optional<MarketLine> line;
  std::optional<JournalStation> journal;
  std::vector<flow::Stage*> stages;  // in the order of the conveyor
};

Conveyor::Conveyor(EngineSettings settings, store::JournalWriter& writer, const store::Reader& reader, flow::Log& log,
                   EngineStatistics& statistics)
    : implementation_(std::make_unique<Implementation>(std::move(settings), writer, reader, log, statistics)) {}

Conveyor::~Conveyor() = default;

flow::Sender& Conveyor::feed() { return *implementation_->feed; }
flow::Sender& Conveyor::control() { return *implementation_->control; }
flow::Sender& Conveyor::requests() { return *implementation_->requests; }
void Conveyor::send_probe() {
  implementation_->probes->try_push(Event::probe());
  implementation_->probes->flush();
}
void Conveyor::may_give_up() { implementation_->journal->may_give_up(); }
bool Conveyor::gave_up() const { return implementation_->journal->gave_up(); }
const std::string& Conveyor::given_up_for() const { return implementation_->journal->given_up_for(); }

Result<RecoveryReport> Conveyor::recover(const LoadModel& load_model, const PastRuns& past) {
  Implementation& self = *implementation_;
  auto drain = [&] {
    bool busy = true;
    while (busy) {
      busy = false;
      for (std::size_t i = 1; i + 1 < self.stages.size(); ++i) busy |= self.stages[i]->poll() == flow::Progress::busy;
      busy |= self.journal->discard();
    }
  };
  Recovery recovery({self.settings, self.reader, self.writer, self.log, *self.head, *self.line, drain}, load_model, past);
  const Result<std::size_t> replayed = recovery.run();
  if (!replayed) return std::unexpected(replayed.error());
  self.journal->settle();
  self.journal->find_other_lists();
  self.statistics.committed_sequence.set(recovery.last_sequence());
  const std::shared_ptr<const Predictor>& running = self.line->running();
  self.journal->explain_with(running);
  return RecoveryReport{recovery.last_sequence(), *replayed, running != nullptr ? running->name() : std::string()};
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
  for (std::size_t stage = 0; stage < MarketLine::stage_count; ++stage) {
    if (within(stage + 1)) line->attach(stage, thread.parker());
  }
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
