#include "candled/ingest/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "candled/flow/parker.hpp"
#include "ingest/exchange_link.hpp"

namespace candled::ingest {
namespace {

constexpr Duration stop_grace = Duration::milliseconds(1000);

}  // namespace

class Feed::Run {
 public:
  Run(const FeedSettings& settings, const MarketTable& markets, std::vector<MarketCursor> cursors, flow::Sender out,
      flow::Log& log, FeedStatistics& statistics, flow::World& world)
      : markets_(markets), sender_(std::move(out)), outlet_(sender_, world), dice_(world.random()), loop_(world) {
    cursors.resize(markets_.size());
    for (const Market& market : markets_) {
      if (std::ranges::find(settings.exchanges, market.exchange, &ExchangeSettings::name) == settings.exchanges.end()) {
        throw std::runtime_error(fmt::format("market {}: no settings for exchange '{}'", market.name(), market.exchange));
      }
    }
    for (const ExchangeSettings& exchange : settings.exchanges) {
      std::vector<const Market*> mine;
      std::vector<MarketCursor> my_cursors;
      std::vector<std::size_t> book_depths;
      for (const Market& market : markets_) {
        if (market.exchange != exchange.name) continue;
        mine.push_back(&market);
        my_cursors.push_back(std::move(cursors[index_of(market.id)]));
        book_depths.push_back(index_of(market.id) < settings.book_depths.size() ? settings.book_depths[index_of(market.id)] : 0);
      }
      if (mine.empty()) continue;
      const LinkParts parts{loop_, outlet_, dice_, log, statistics, limiters_};
      links_.push_back(std::make_unique<ExchangeLink>(parts, exchange, settings.history, mine, my_cursors, book_depths));
    }
  }

  void run() {
    sender_.attach(parker_);
    for (auto& link : links_) link->start();
    loop_.run(stop_grace);
    sender_.close();
  }

  void request_stop() { loop_.request_stop(); }

 private:
  const MarketTable markets_;
  flow::Sender sender_;
  flow::Parker parker_;
  Outlet outlet_;
  net::Dice dice_;
  net::HostLimiters limiters_;
  // Behind all that its coroutines use, and in front of what owns sockets: those must be gone before it.
  net::Loop loop_;
  std::vector<std::unique_ptr<ExchangeLink>> links_;
};

Feed::Feed(FeedSettings settings, const MarketTable& markets, std::vector<MarketCursor> cursors, flow::Sender out,
           flow::Log& log, FeedStatistics& statistics, flow::World& world)
    : run_(std::make_unique<Run>(settings, markets, std::move(cursors), std::move(out), log, statistics, world)) {}

Feed::~Feed() = default;

void Feed::run() { run_->run(); }

void Feed::request_stop() { run_->request_stop(); }

}  // namespace candled::ingest
