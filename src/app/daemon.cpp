// The daemon: every station, the feed, the trainer and the server, from start to the last commit.
#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "app/daemon.hpp"
#include "app/file_watch.hpp"
#include "app/heap.hpp"
#include "app/server_setup.hpp"
#include "app/watchdog.hpp"
#include "candled/cli/champion_request.hpp"
#include "candled/config/assembly.hpp"
#include "candled/flow/clock.hpp"
#include "candled/flow/counter.hpp"
#include "candled/flow/progress_line.hpp"
#include "candled/flow/signals.hpp"
#include "candled/flow/thread.hpp"
#include "candled/net/real_world.hpp"
#include "candled/store/set_up.hpp"
#include "candled/store/table_migration.hpp"

namespace candled::app {
namespace {

constexpr Duration look_around = Duration::seconds(1);
constexpr Duration reload_every = Duration::seconds(1);  // a storm of SIGHUP is one reload a second
constexpr Duration status_line_every = Duration::minutes(10);
constexpr Duration training_patience = Duration::seconds(2);  // when all else has ended
constexpr Duration stop_patience = Duration::seconds(7);      // from the signal to the end of the process
constexpr Duration training_look_every = Duration::seconds(1);

// The file is brought up to date first; the log says what that costs.
store::JournalSettings journal_of(const config::Config& config, flow::Log& log) {
  store::migrate_database(config.storage.path, log);
  return config::journal_settings(config);
}

// Everything that lives as long as the daemon, built in the order in which it depends on each other.
class Daemon {
 public:
  explicit Daemon(const config::Config& config)
      : config_(config),
        log_(config.log),
        markets_(config.table),
        feed_statistics_(markets_),
        file_watch_(config.storage.path, engine_statistics_, log_),
        writer_(journal_of(config, log_)),
        reader_(config.storage.path, markets_),
        conveyor_(config::engine_settings(config), writer_, reader_, log_, engine_statistics_),
        trainer_(config::trainer_settings(config), conveyor_.control(), log_, trainer_statistics_),
        watchdog_(conveyor_, engine_statistics_),
        training_("training", training_look_every, [this](std::stop_token stop) { trainer_.work(std::move(stop)); }) {}

  int run();
  // The training did not end in time; its thread uses this object until the process ends.
  bool left_training_behind() const { return left_training_behind_; }

 private:
  bool recover();
  void until_stopped();
  void reload();
  Result<std::string> control(server::ControlAction action, const std::string& model);
  std::string status() const;

  flow::Flag drained_;                          // every event is committed
  std::optional<flow::StopDeadline> deadline_;  // of the stop; it ends with the last of the others
  const config::Config& config_;
  flow::Log log_;
  const MarketTable markets_;
  engine::EngineStatistics engine_statistics_;
  engine::TrainerStatistics trainer_statistics_;
  ingest::FeedStatistics feed_statistics_;
  FileWatch file_watch_;
  store::JournalWriter writer_;
  const store::Reader reader_;
  engine::Conveyor conveyor_;
  engine::Trainer trainer_;
  Watchdog watchdog_;
  flow::WorkerThread training_;
  bool left_training_behind_ = false;
};

// False when a signal stopped it.
bool Daemon::recover() {
  flow::ProgressLine line("replaying the record", log_);
  engine::ReplayWatch watch;
  watch.tell = [&](const engine::ReplayProgress& progress) {
    watchdog_.starting(fmt::format("replaying the record, {:.1f} %", progress.part_done * 100));
    line.show(progress.unit(), progress.count(), progress.part_done);
  };
  watch.stop = [] { return flow::stop_requested(); };
  const Result<engine::RecoveryReport> report =
      conveyor_.recover(trainer_.load_model(), config::past_runs(config_), watch);
  line.finish();
  if (!report)
    throw std::runtime_error(fmt::format("database {}: {}", config_.storage.path.string(), report.error().message));
  if (report->stopped) {
    watchdog_.stopping();
    deadline_.emplace(stop_patience, [this] { return drained_.raised() ? 0 : 1; });
    log_.info("stopped before the record was replayed", {{"replayed_events", std::to_string(report->replayed_events)},
                                                         {"next", "nothing was changed; the next start begins again"}});
    return false;
  }
  log_.info("ready to go on", {{"database", config_.storage.path.string()},
                               {"sequence", std::to_string(report->last_sequence)},
                               {"replayed_events", std::to_string(report->replayed_events)},
                               {"model", report->running_model.empty() ? "none" : report->running_model}});
  file_watch_.begin();
  if (engine_statistics_.paused.value() > 0)
    log_.warning("paper trading is paused", {{"next", "POST /api/v1/resume lets it open positions again"}});
  trainer_.choose_first_model(report->running_model);
  return true;
}

int Daemon::run() {
  const std::unique_ptr<server::Server> server =
      make_server(config_, {engine_statistics_, feed_statistics_, trainer_statistics_, log_,
                            [this](server::ControlAction action, const std::string& model) {
                              return control(action, model);
                            }});  // a busy port is told before anything moves
  if (!recover()) return 0;
  const std::unique_ptr<flow::World> world = net::make_real_world();
  ingest::Feed feed(ingest::known_exchanges(), config::feed_settings(config_), markets_,
                    config::cursors(reader_, markets_), std::move(conveyor_.feed()), log_, feed_statistics_, *world);
  conveyor_.start();
  training_.start_with_low_priority();
  flow::TaskThread ingest("ingest", [&feed] { feed.run(); });
  std::optional<flow::TaskThread> serving;
  if (server) serving.emplace("server", [&server] { server->run(); });
  for (const Market& market : markets_) {
    log_.info("watching", {{"market", market.name()},
                           {"interval", to_text(market.interval)},
                           {"database", config_.storage.path.string()}});
  }
  watchdog_.ready(status());
  until_stopped();

  log_.info("stopping", {{"next", "draining the stations"}});
  watchdog_.stopping();
  file_watch_.request_stop();
  training_.request_stop();  // it has the lowest priority: it ends when the stations have drained
  conveyor_.may_give_up();
  feed.request_stop();
  ingest.join();
  conveyor_.join();
  if (!conveyor_.gave_up()) drained_.raise();
  left_training_behind_ = !training_.stop_within(training_patience);
  file_watch_.stop();
  if (server) server->request_stop();
  serving.reset();
  if (left_training_behind_) {
    log_.info("training left behind",
              {{"why", "a busier machine gave it no time to end"}, {"next", "the next start removes what it wrote"}});
  }
  log_.info("stopped", {{"sequence", std::to_string(engine_statistics_.committed_sequence.value())},
                        {"trades", std::to_string(engine_statistics_.trades.value())},
                        {"candles", std::to_string(engine_statistics_.candles.value())}});
  if (!conveyor_.gave_up()) return 0;
  log_.error("stopped without the last events",
             {{"why", conveyor_.given_up_for()}, {"next", "they are fetched again at the next start"}});
  return 1;
}

void Daemon::until_stopped() {
  Duration last_line = flow::monotonic_now(), last_reload;
  bool reload_wanted = false;
  std::int64_t trainings = -1;  // a start leaves something behind as well
  while (true) {
    const flow::SignalRequest request = flow::wait_for_signal(look_around);
    if (request == flow::SignalRequest::stop || conveyor_.gave_up()) return;
    reload_wanted = reload_wanted || request == flow::SignalRequest::reload;
    if (reload_wanted && flow::monotonic_now() - last_reload >= reload_every) {
      reload_wanted = false;
      last_reload = flow::monotonic_now();
      trainer_.request_reload();
      reload();
    }
    watchdog_.look(status());
    const std::int64_t ended = trainer_statistics_.trainings.value() + trainer_statistics_.failures.value();
    if (std::exchange(trainings, ended) != ended) return_free_heap();
    if (request == flow::SignalRequest::reload)
      flow::pause(Duration::milliseconds(10));  // the storm must not keep this thread busy
    if (flow::monotonic_now() - last_line < status_line_every) continue;
    last_line = flow::monotonic_now();
    log_.info("alive", {{"status", status()}});
  }
}

void Daemon::reload() {
  if (Result<void> reopened = log_.reopen(); !reopened)
    log_.warning("log not reopened", {{"why", reopened.error().message}});
  log_.info("reload asked for");
  training_.nudge();
}

// On the server's thread, which alone uses the conveyor's requests.
Result<std::string> Daemon::control(server::ControlAction action, const std::string& model) {
  if (action == server::ControlAction::promote || action == server::ControlAction::rollback) {
    const Result<std::string> asked =
        cli::ask_for_champion(config_, action == server::ControlAction::promote ? std::optional(model) : std::nullopt);
    if (!asked) return asked;
    training_.nudge();
    return fmt::format("Model {} takes over.", *asked);
  }
  const bool paused = action == server::ControlAction::pause;
  if (!conveyor_.requests().try_push(Event::of(Pause{paused, flow::wall_now()})))
    return retry("too many requests wait; try again");
  conveyor_.requests().flush();
  return std::string(paused ? "Paper trading opens no position any more; stops and sales act."
                            : "Paper trading decides again, from the next candle on.");
}

std::string Daemon::status() const {
  return fmt::format("{} trades, {} candles, {} predictions, {} fills; decision p99 {} us",
                     engine_statistics_.trades.value(), engine_statistics_.candles.value(),
                     engine_statistics_.predictions.value(), engine_statistics_.fills.value(),
                     engine_statistics_.decision_latency.quantile_us(0.99));
}

}  // namespace

int run_daemon(const config::Config& config) {
  config::require_feeds(config);
  keep_heap_small();
  store::set_up_for_threads();
  const auto daemon = std::make_unique<Daemon>(config);
  const int code = daemon->run();
  // Everything is stored and logged; what is left is a thread that reads, and files without a name yet.
  if (daemon->left_training_behind()) std::_Exit(code);
  return code;
}

}  // namespace candled::app
