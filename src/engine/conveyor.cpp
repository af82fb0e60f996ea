#include "candled/engine/conveyor.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "candled/features/feature_set.hpp"
#include "candled/features/formula_version.hpp"
#include "candled/flow/pipeline.hpp"
#include "engine/head.hpp"
#include "engine/journal_station.hpp"
#include "engine/market_line.hpp"
#include "engine/observer_stage.hpp"
#include "engine/recovery.hpp"
#include "engine/tape_log.hpp"

namespace candled::engine {
namespace {

constexpr std::size_t control_capacity = 64;
// Two slices of the journal: observers have the time of a whole commit to take one in.
constexpr std::size_t observed_capacity = 2 * JournalStation::slice_events_max;

std::vector<std::string> names_of(const std::vector<trading::StrategySettings>& strategies) {
  std::vector<std::string> names;
  for (const auto& strategy : strategies) names.push_back(strategy.name);
  return names;
}

// Head, four market stations, journal, observers: which of them share a thread. The observers never share the journal's.
std::vector<flow::Pipeline::Group> groups_of(ThreadLayout layout) {
  switch (layout) {
    case ThreadLayout::stages:
      return {{"head"}, {"candles"}, {"features"}, {"inference"}, {"trading"}, {"journal"}, {"observers"}};
    case ThreadLayout::market: return {{"market", 5}, {"journal"}, {"observers"}};
    case ThreadLayout::inline_journal: return {{"market", 6}, {"observers"}};
  }
  invariant_failed("unknown thread layout");
}

// Recovery: the end of the line in place of the journal, for what is written already.
class Discarded : public flow::Stage {
 public:
  explicit Discarded(JournalStation& journal) : journal_(journal) {}
  std::string_view name() const override { return "discarded"; }
  flow::Progress poll() override { return journal_.discard() ? flow::Progress::busy : flow::Progress::idle; }
  void attach(flow::Parker& parker) override { journal_.attach(parker); }

 private:
  JournalStation& journal_;
};

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
  Implementation(EngineSettings given, store::JournalWriter& dependencies_writer, const store::Reader& stored,
                 flow::Log& dependencies_log, EngineStatistics& dependencies_statistics,
                 std::vector<CommitObserver*> observers)
      : settings(std::move(given)),
        writer(dependencies_writer),
        reader(stored),
        log(dependencies_log),
        statistics(dependencies_statistics),
        tape_log(settings.markets, names_of(settings.strategies), log) {
    observers.insert(observers.begin(), &tape_log);
    const std::size_t capacity = settings.queue_capacity;
    flow::Channel feed_channel = flow::make_channel(capacity), control_channel = flow::make_channel(control_capacity);
    flow::Channel request_channel = flow::make_channel(control_capacity);
    flow::Channel probe_channel = flow::make_channel(1);
    flow::Channel line_channel = flow::make_channel(capacity), journal_channel = flow::make_channel(capacity);
    flow::Channel observed_channel = flow::make_channel(observed_capacity);
    feed.emplace(std::move(feed_channel.sender));
    control.emplace(std::move(control_channel.sender));
    requests.emplace(std::move(request_channel.sender));
    probes.emplace(std::move(probe_channel.sender));
    head.emplace(settings, std::move(feed_channel.receiver), std::move(control_channel.receiver),
                 std::move(request_channel.receiver), std::move(probe_channel.receiver), std::move(line_channel.sender),
                 statistics);
    line.emplace(settings, std::move(line_channel.receiver), std::move(journal_channel.sender), statistics);
    journal.emplace(settings, std::move(journal_channel.receiver),
                    JournalStation::Observed{std::move(observed_channel.sender), wanted_by(observers)}, writer, reader,
                    statistics, log);
    observing.emplace(std::move(observed_channel.receiver), std::move(observers), statistics);
    std::vector<flow::Stage*> stages = line->stages_and(*journal);
    stages.insert(stages.begin(), &*head);
    stages.push_back(&*observing);
    pipeline.emplace(std::move(stages));
  }

  const EngineSettings settings;
  store::JournalWriter& writer;
  const store::Reader& reader;
  flow::Log& log;
  EngineStatistics& statistics;
  TapeLog tape_log;
  std::optional<flow::Pipeline> pipeline;
  std::optional<flow::Sender> feed, control, requests, probes;
  std::optional<Head> head;
  std::optional<MarketLine> line;
  std::optional<JournalStation> journal;
  std::optional<ObserverStage> observing;
};

Conveyor::Conveyor(EngineSettings settings, store::JournalWriter& writer, const store::Reader& reader, flow::Log& log,
                   EngineStatistics& statistics, std::vector<CommitObserver*> observers)
    : implementation_(std::make_unique<Implementation>(std::move(settings), writer, reader, log, statistics,
                                                       std::move(observers))) {}

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

Result<RecoveryReport> Conveyor::recover(const LoadModel& load_model, const PastRuns& past, const ReplayWatch& watch) {
  Implementation& self = *implementation_;
  Discarded discarded(*self.journal);
  flow::Pipeline behind_head(self.line->stages_and(discarded));
  Recovery recovery(
      {self.settings, self.reader, self.writer, self.log, *self.head, *self.line, [&] { behind_head.drain(); }},
      load_model, past, watch);
  const Result<std::int64_t> replayed = recovery.run();
  if (!replayed) return std::unexpected(replayed.error());
  if (recovery.stopped())
    return RecoveryReport{
        .last_sequence = recovery.last_sequence(), .replayed_events = *replayed, .running_model = {}, .stopped = true};
  const std::shared_ptr<const Predictor>& running = self.line->running();
  self.journal->begin(running);
  self.statistics.committed_sequence.set(recovery.last_sequence());
  return RecoveryReport{recovery.last_sequence(), *replayed, running != nullptr ? running->name() : std::string(),
                        false};
}

void Conveyor::start() { implementation_->pipeline->start(groups_of(implementation_->settings.layout)); }

void Conveyor::join() { implementation_->pipeline->join(); }

bool Conveyor::poll() { return implementation_->pipeline->poll(); }

}  // namespace candled::engine
