// An exchange in a made-up world whose markets can fall silent on the stream while REST has their trades, and a feed that listens to it.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "candled/ingest/feed.hpp"
#include "ingest/ingest_fixtures.hpp"
#include "net/made_world.hpp"

namespace candled::ingest {

class MadeMarkets {
 public:
  struct Plan {
    double trades_per_second = 0.2;
    Duration silent_from = Duration::days(1), silent_to = Duration::days(1);  // no trade on the stream
    bool cured_by_subscription = true;                                        // a new subscription ends that
    Duration dead_from = Duration::days(1), dead_to = Duration::days(1);      // nothing trades at all
    std::int64_t first_id = 1000;
    bool snapshot_unreadable = false;
  };

  MadeMarkets(net::MadeWorld& world, std::map<std::string, Plan> plans, unsigned seed)
      : world_(world), born_(world.now()), random_(seed) {
    for (auto& [symbol, plan] : plans) markets_[symbol] = {plan, {}, false};
    world.byte_peers["80"] = [this] { return std::make_unique<Rest>(*this); };
    world.message_peers["443"] = [this] { return std::make_unique<Stream>(*this); };
    second();
  }

  const std::vector<Trade>& trades(const std::string& symbol) const { return markets_.at(symbol).trades; }
  Timestamp now() const { return test_epoch + (world_.now() - born_); }
  Duration age() const { return world_.now() - born_; }

  Duration rest_down_from = Duration::days(1), rest_down_to = Duration::days(1);
  int trade_requests = 0, subscriptions = 0;
  std::function<void()> each_second = [] {};
  std::function<std::string(const std::string& frame)> spoil = [](const std::string& frame) { return frame; };

 private:
  struct Market {
    Plan plan;
    std::vector<Trade> trades;
    bool cured = false;
  };
  struct Rest final : net::MadeBytes {
    explicit Rest(MadeMarkets& made) : exchange(made) {}
    void take(const std::string& request) override {
      const bool down = exchange.age() >= exchange.rest_down_from && exchange.age() < exchange.rest_down_to;
      const std::string body = down ? "down" : exchange.answer(request.substr(4, request.find(' ', 4) - 4));
      send(fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n{}", down ? "503 Down" : "200 OK", body.size(), body));
    }
    MadeMarkets& exchange;
  };
  struct Stream final : net::MadeMessages {
    explicit Stream(MadeMarkets& made) : exchange(made) { exchange.stream_ = this; }
    ~Stream() override {
      if (exchange.stream_ == this) exchange.stream_ = nullptr;
    }
    void take(const std::string& message) override {
      if (message.find("\"subscribe\"") == std::string::npos) return;
      for (auto& [symbol, market] : exchange.markets_) {
        if (message.find(symbol) == std::string::npos) continue;
        ++exchange.subscriptions;
        if (exchange.is_silent(market) && market.plan.cured_by_subscription) market.cured = true;
        subscribed = true;
        send(R"({"method":"subscribe","result":{"channel":"trade","snapshot":true,"symbol":")" + symbol +
             R"("},"success":true})");
        const std::vector<Trade>& all = market.trades;
        if (all.empty()) continue;
        const std::string frame =
            stream_frame({all.end() - std::min<std::ptrdiff_t>(std::ssize(all), 50), all.end()}, "snapshot", symbol);
        send(market.plan.snapshot_unreadable ? unreadable(frame) : frame);
      }
    }
    MadeMarkets& exchange;
    bool subscribed = false;
  };

  static std::string unreadable(std::string frame) {
    for (std::size_t at = 0; (at = frame.find("\"qty\":", at)) != std::string::npos; at += 6) frame.insert(at + 6, "-");
    return frame;
  }

  bool is_silent(const Market& market) const {
    return !market.cured && age() >= market.plan.silent_from && age() < market.plan.silent_to;
  }

  void second() {
    each_second();
    if (stream_ != nullptr && !stream_->subscribed)
      stream_->send(R"({"channel":"status","type":"update","data":[{"system":"online"}]})");
    for (auto& [symbol, market] : markets_) {
      if (age() >= market.plan.dead_from && age() < market.plan.dead_to) continue;
      if (std::uniform_real_distribution<>(0, 1)(random_) >= market.plan.trades_per_second) continue;
      market.trades.push_back(trade_of(market.plan.first_id + std::ssize(market.trades), now()));
      if (stream_ != nullptr && stream_->subscribed && !is_silent(market))
        stream_->send(spoil(stream_frame({market.trades.back()}, "update", symbol)));
    }
    if (stream_ != nullptr) stream_->send(R"({"channel":"heartbeat"})");
    world_.later(Duration::seconds(1), [this] { second(); });
  }

  std::string answer(const std::string& target) {
    if (target.starts_with("/0/public/Time"))
      return fmt::format(R"({{"error":[],"result":{{"unixtime":{},"rfc1123":"x"}}}})", now().ns / 1'000'000'000);
    if (target.starts_with("/0/public/AssetPairs")) {
      return R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD"},)"
             R"("XETHZUSD":{"altname":"ETHUSD","wsname":"ETH/USD"}}})";
    }
    ++trade_requests;
    const std::string symbol = target.find("XBTUSD") != std::string::npos ? "BTC/USD" : "ETH/USD";
    const std::int64_t since = std::stoll(target.substr(target.find("since=") + 6));
    std::vector<Trade> rows;
    for (const Trade& trade : markets_.at(symbol).trades) {
      if (trade.time.ns > since && rows.size() < 1000) rows.push_back(trade);
    }
    return rest_page(rows, std::to_string(rows.empty() ? since : rows.back().time.ns));
  }

  net::MadeWorld& world_;
  const Duration born_;
  std::mt19937 random_;
  std::map<std::string, Market> markets_;
  Stream* stream_ = nullptr;
};

inline ExchangeSettings made_exchange_settings() {
  ExchangeSettings exchange = kraken_settings();
  exchange.websocket_url = "wss://exchange.test/v2";
  exchange.rest_url = "http://exchange.test/0/public";
  return exchange;
}

}  // namespace candled::ingest
