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
  Run(const ExchangeTable& exchanges, const FeedSettings& settings, const MarketTable& markets,
      std::vector<MarketCursor> cursors, flow::Sender out, flow::Log& log, FeedStatistics& statistics,
      flow::World& world)
      : markets_(markets),
        sender_(std::move(out)),
        outlet_(sender_, world),
        random_source_(world.random()),
        loop_(world) {
    cursors.resize(markets_.size());
    for (const Market& market : markets_) {
      if (std::ranges::find(settings.exchanges, market.exchange, &ExchangeSettings::name) == settings.exchanges.end()) {
        throw std::runtime_error(
            fmt::format("market {}: no settings for exchange '{}'", market.name(), market.exchange));
      }
    }
    for (const ExchangeSettings& exchange : settings.exchanges) {
      std::vector<const Market*> mine;
      for (const Market& market : markets_) {
        if (market.exchange == exchange.name) mine.push_back(&market);
      }
      if (mine.empty()) continue;
      const ExchangeEntry* const entry = exchanges.find_feed(exchange.name);
      if (entry == nullptr) {
        throw std::runtime_error(
            fmt::format("unknown exchange '{}' (known: {})", exchange.name, exchanges.feed_names()));
      }
      // What one connection does not carry, another does.
      const std::size_t most = entry->descriptor->markets_per_connection;
      for (std::size_t i = 0; i < mine.size(); i += most) {
        const auto begin = mine.begin() + static_cast<std::ptrdiff_t>(i);
        connect(*entry, exchange, settings,
                {begin, begin + static_cast<std::ptrdiff_t>(std::min(most, mine.size() - i))}, cursors, log,
                statistics);
      }
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
  void connect(const ExchangeEntry& entry, const ExchangeSettings& exchange, const FeedSettings& settings,
               const std::vector<const Market*>& markets, const std::vector<MarketCursor>& cursors, flow::Log& log,
               FeedStatistics& statistics) {
    std::vector<MarketCursor> my_cursors;
    std::vector<std::size_t> book_depths;
    for (const Market* market : markets) {
      const std::size_t at = index_of(market->id);
      my_cursors.push_back(cursors[at]);
      book_depths.push_back(at < settings.book_depths.size() ? settings.book_depths[at] : 0);
    }
    const LinkParts parts{loop_, outlet_, random_source_, log, statistics, limiters_};
    links_.push_back(
        std::make_unique<ExchangeLink>(parts, entry, exchange, settings.history, markets, my_cursors, book_depths));
  }

  const MarketTable markets_;
  flow::Sender sender_;
  flow::Parker parker_;
  Outlet outlet_;
  net::RandomSource random_source_;
  net::HostLimiters limiters_;
  // Behind all that its coroutines use, and in front of what owns sockets: those must be gone before it.
  net::Loop loop_;
  std::vector<std::unique_ptr<ExchangeLink>> links_;
};

Feed::Feed(ExchangeTable exchanges, FeedSettings settings, const MarketTable& markets,
           std::vector<MarketCursor> cursors, flow::Sender out, flow::Log& log, FeedStatistics& statistics,
           flow::World& world)
    : run_(std::make_unique<Run>(exchanges, settings, markets, std::move(cursors), std::move(out), log, statistics,
                                 world)) {}

Feed::~Feed() = default;

void Feed::run() { run_->run(); }

void Feed::request_stop() { run_->request_stop(); }

}  // namespace candled::ingest
