// The whole feed in a made-up world: an hour of a made-up exchange, on one thread, without a socket or real time.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "candled/flow/clock.hpp"
#include "candled/ingest/feed.hpp"
#include "feed_scene.hpp"
#include "net/made_world.hpp"

namespace candled::ingest {
namespace {

constexpr Duration hour = Duration::hours(1);

// A trade a second. Every hundredth is not on the stream; for half a minute in the middle nothing is.
class MadeExchange {
 public:
  explicit MadeExchange(net::MadeWorld& world) : world_(world), born_(world.now()) {
    world.byte_peers["80"] = [this] { return std::make_unique<Rest>(*this); };
    world.message_peers["443"] = [this] {
      ++connections;
      return std::make_unique<Stream>(*this);
    };
    second();
  }

  int connections = 0;
  std::optional<Duration> lives;  // a connection that has subscribed: then the exchange ends it
  std::int64_t last_id() const { return static_cast<std::int64_t>(trades_.size()); }

 private:
  struct Rest final : net::MadeBytes {
    explicit Rest(MadeExchange& made) : exchange(made) {}
    void take(const std::string& request) override {
      const std::string body = exchange.answer(request.substr(4, request.find(' ', 4) - 4));
      send(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    }
    MadeExchange& exchange;
  };
  struct Stream final : net::MadeMessages {
    explicit Stream(MadeExchange& made) : exchange(made) { exchange.stream_ = this; }
    ~Stream() override {
      *there_ = false;
      if (exchange.stream_ == this) exchange.stream_ = nullptr;
    }
    void take(const std::string& message) override {
      if (exchange.silent() || message.find("\"subscribe\"") == std::string::npos) return;
      subscribed = true;
      const auto end = [this, there = there_] {
        if (*there) cut();
      };
      if (exchange.lives) exchange.world_.later(*exchange.lives, end);
      send(ack("BTC/USD"));
      const std::vector<Trade>& all = exchange.trades_;
      send(stream_frame({all.end() - std::min<std::ptrdiff_t>(std::ssize(all), 10), all.end()}, "snapshot"));
    }
    MadeExchange& exchange;
    bool subscribed = false;
    std::shared_ptr<bool> there_ = std::make_shared<bool>(true);
  };

  Timestamp now() const { return test_epoch + (world_.now() - born_); }
  bool silent() const {
    const Duration age = world_.now() - born_;
    return age > Duration::minutes(30) && age < Duration::minutes(30) + Duration::seconds(30);
  }

  void second() {
    trades_.push_back(trade_of(last_id() + 1, now()));
    if (stream_ != nullptr && !silent()) {
      if (!stream_->subscribed) stream_->send(status_frame());
      if (stream_->subscribed && last_id() % 100 != 0) stream_->send(stream_frame({trades_.back()}));
    }
    world_.later(Duration::seconds(1), [this] { second(); });
  }

  std::string answer(const std::string& target) const {
    if (target.starts_with("/0/public/Time")) {
      return fmt::format(R"({{"error":[],"result":{{"unixtime":{},"rfc1123":"x"}}}})", now().ns / 1'000'000'000);
    }
    if (target.starts_with("/0/public/AssetPairs")) {
      return R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD"}}})";
    }
    const std::int64_t since = std::stoll(target.substr(target.find("since=") + 6));
    std::vector<Trade> rows;
    for (const Trade& trade : trades_) {
      if (trade.time.ns > since && rows.size() < 1000) rows.push_back(trade);
    }
    return rest_page(rows, std::to_string(rows.empty() ? since : rows.back().time.ns));
  }

  net::MadeWorld& world_;
  const Duration born_;
  std::vector<Trade> trades_;
  Stream* stream_ = nullptr;
};

struct Hour {
  Collected market;
  std::vector<std::string> events;  // every one, with its times
  std::int64_t reconnects = 0;
  std::int64_t last_id = 0;
};

Hour run_hour(std::optional<Duration> connections_live = {}) {
  net::MadeWorld world;
  MadeExchange made(world);
  made.lives = connections_live;
  ExchangeSettings exchange = kraken_settings();
  exchange.websocket_url = "wss://exchange.test/v2";
  exchange.rest_url = "http://exchange.test/0/public";
  const MarketTable table = {{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}};
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  FeedStatistics statistics(table);
  flow::Channel channel = flow::make_channel(1 << 16);
  Feed feed(known_exchanges(), {{exchange}, {Duration{}, Duration::days(7)}, {}}, table, {}, std::move(channel.sender),
            log, statistics, world);
  const auto end = world.after(hour, [&feed] { feed.request_stop(); });
  feed.run();
  Hour outcome;
  while (const std::optional<Event> event = channel.receiver.pop()) {
    outcome.market.add(*event);
    if (event->kind() == EventKind::trade)
      outcome.events.push_back(fmt::format("{} {}", event->trade().id, event->trade().received.ns));
    if (event->kind() == EventKind::watermark)
      outcome.events.push_back(fmt::format("tick {}", event->watermark().time.ns));
  }
  outcome.market.end_run();
  outcome.reconnects = statistics.total(&ExchangeStatistics::reconnects);
  outcome.last_id = made.last_id();
  return outcome;
}

}  // namespace

TEST_CASE("feed: an hour of a made-up exchange passes in no time, complete, and is the same every time") {
  const Duration began = flow::monotonic_now();
  const Hour first = run_hour();
  CHECK(flow::monotonic_now() - began < Duration::minutes(1));
  CHECK(first.market.words == fmt::format("1-{} ", first.market.last_id));  // no sequence gap, nothing twice
  CHECK(first.last_id - first.market.last_id <= 2);
  CHECK(first.last_id >= 3600);
  CHECK(first.reconnects >= 1);  // the silence
  CHECK(first.market.watermarks > 3000);
  CHECK_FALSE(first.market.watermark_overtook);
  const Hour second = run_hour();
  CHECK(second.events == first.events);
  CHECK(second.events.size() > 6000);
}

TEST_CASE("feed: a connection that delivered and is closed by the exchange is replaced at once, however often") {
  const Hour hour_of_ends = run_hour(Duration::seconds(10));
  CHECK(hour_of_ends.market.words == fmt::format("1-{} ", hour_of_ends.market.last_id));
  CHECK(hour_of_ends.last_id - hour_of_ends.market.last_id <= 2);
  CHECK(hour_of_ends.reconnects > 320);  // every 11 s, but for the half minute of silence
  CHECK(hour_of_ends.market.watermarks > 3000);
}

}  // namespace candled::ingest
