#include "candled/ingest/history.hpp"

#include <algorithm>

#include "ingest/history_walk.hpp"
#include "ingest/rest_session.hpp"

namespace candled::ingest {

class HistoryFetcher::Implementation {
 public:
  Implementation(ExchangeTable table, FeedSettings given, flow::Log& given_log, FeedStatistics& given_statistics,
                 flow::World& given_world)
      : exchanges(std::move(table)),
        settings(std::move(given)),
        log(given_log),
        statistics(given_statistics),
        world(given_world) {}

  Result<std::unique_ptr<RestSession>> open(const Market& market) {
    const auto exchange = std::ranges::find(settings.exchanges, market.exchange, &ExchangeSettings::name);
    if (exchange == settings.exchanges.end())
      return refuse("market " + market.name() + ": no settings for its exchange");
    return RestSession::open({exchanges, *exchange, market, limiters, log, statistics, world});
  }

  ExchangeTable exchanges;
  FeedSettings settings;
  flow::Log& log;
  FeedStatistics& statistics;
  flow::World& world;
  net::HostLimiters limiters;
};

HistoryFetcher::HistoryFetcher(ExchangeTable exchanges, FeedSettings settings, flow::Log& log,
                               FeedStatistics& statistics, flow::World& world)
    : implementation_(
          std::make_unique<Implementation>(std::move(exchanges), std::move(settings), log, statistics, world)) {}

HistoryFetcher::~HistoryFetcher() = default;
HistoryFetcher::HistoryFetcher(HistoryFetcher&&) noexcept = default;

Result<HistoryReport> HistoryFetcher::fetch(const Market& market, const HistoryRequest& request, flow::Sender& out,
                                            const std::function<void(const HistoryProgress&)>& progress,
                                            const std::function<bool()>& stopped) {
  Result<std::unique_ptr<RestSession>> session = implementation_->open(market);
  if (!session) return std::unexpected(session.error());
  HistoryWalk walk(**session, market, request, out, implementation_->log, implementation_->world, progress);
  (*session)->run(walk.run(), stopped);
  if ((*session)->error()) return std::unexpected(*(*session)->error());
  return walk.report();
}

namespace {

std::string interval_names(const std::vector<Duration>& intervals) {
  std::string names;
  for (const Duration interval : intervals) names.append(names.empty() ? "" : ", ").append(to_text(interval));
  return names.empty() ? "none" : names;
}

net::Task<void> ask_candles(RestSession& session, Duration interval, CandlesPage& page) {
  bool ready = co_await session.prepare();
  if (ready) ready = co_await session.candles(interval, page);
}

}  // namespace

Result<std::vector<Candle>> HistoryFetcher::candles(const Market& market, const std::function<bool()>& stopped) {
  Result<std::unique_ptr<RestSession>> opened = implementation_->open(market);
  if (!opened) return std::unexpected(opened.error());
  RestSession& session = **opened;
  const std::vector<Duration> offered = session.exchange().candle_intervals();
  if (std::ranges::find(offered, market.interval) == offered.end()) {
    return refuse(market.exchange + " gives no candles of " + to_text(market.interval) + " (it offers " +
                  interval_names(offered) + ")");
  }
  CandlesPage page;
  session.run(ask_candles(session, market.interval, page), stopped);
  if (session.error()) return std::unexpected(*session.error());
  return std::move(page.candles);
}

}  // namespace candled::ingest
