#include "simulator/dialects/toy/toy.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace candled::simulator::toy {
namespace {

constexpr std::uint8_t wrapped = 1;  // a client's style: each frame begins with "feed "
constexpr std::size_t rows_max = 100;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// "btcusd.trades", "btcusd.beat" or "btcusd.book".
std::optional<Topic> topic_of(std::string_view word) {
  const std::vector<std::string_view> parts = split(word, '.');
  if (parts.size() != 2) return std::nullopt;
  Topic topic{.market = std::string(parts[0]), .snapshot = true};
  if (parts[1] == "trades") return topic;
  if (parts[1] == "beat") return topic.channel = Channel::heartbeat, topic;
  if (parts[1] != "book") return std::nullopt;
  topic.channel = Channel::book;
  topic.depth = 20;
  return topic;
}

Frame frame_of(std::uint8_t style, const std::string& text) {
  return make_frame(style == wrapped ? "feed " + text : text);
}

std::string book_text(const BookMessage& book, const std::vector<ShownLevel>& bids,
                      const std::vector<ShownLevel>& asks) {
  std::string text = fmt::format("{} book {}..{}", book.instrument->stream_name, book.from_trade + (book.wrong ? 2 : 1),
                                 book.to_trade);
  for (const ShownLevel& bid : bids) text += fmt::format(" b{}={}", bid.tick, bid.quantity.to_text());
  for (const ShownLevel& ask : asks) text += fmt::format(" a{}={}", ask.tick, ask.quantity.to_text());
  return text;
}

std::int64_t number(std::optional<std::string_view> text, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

class ToyDialect final : public Dialect {
 public:
  std::string_view websocket_path() const override { return "/feed"; }
  std::string_view rest_path() const override { return ""; }
  Limits limits() const override {
    return {.rest_calls_per_second = 1,
            .rest_burst = 4,
            .messages_per_second = 5,
            .messages_burst = 5,
            .idle = Duration::seconds(5),
            .ping_every = Duration::seconds(20),
            .pong_within = Duration::seconds(60),
            .snapshot_trades = 1};
  }
  Result<Instrument> instrument(std::string_view symbol) const override {
    std::string name;
    for (const char c : symbol) {
      if (c != '/') name += static_cast<char>(c | 0x20);
    }
    return Instrument{std::string(symbol), name, 2, 4, 50};
  }

  std::optional<Opening> open(const Target& target) override {
    if (!target.path.starts_with("/feed")) return std::nullopt;
    Opening opening{.style = target.get("wrapped") ? wrapped : std::uint8_t{0}};
    opening.request.text = "url";
    for (const std::string_view word : split(std::string_view(target.path).substr(5), '/')) {
      if (const std::optional<Topic> topic = topic_of(word)) opening.request.topics.push_back(*topic);
    }
    return opening;
  }
  Request read(std::string_view message) override {
    Request request;
    const std::vector<std::string_view> words = split(message, ' ');
    if (words.empty() || (words[0] != "follow" && words[0] != "leave" && words[0] != "wrap"))
      return {.refusal = Refusal::malformed};
    if (words[0] == "wrap") return {.method = Method::other, .style = wrapped};
    request.method = words[0] == "follow" ? Method::subscribe : Method::unsubscribe;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::optional<Topic> topic = topic_of(words[i]);
      if (!topic) return {.refusal = Refusal::unknown_channel};
      request.topics.push_back(*topic);
    }
    return request;
  }
  Frame accept(const Request&, const Topic&, const Scene&) override { return nullptr; }
  Frame refuse(const Request&, Refusal refusal, std::string_view market, const Scene&) override {
    if (refusal == Refusal::too_fast || refusal == Refusal::subscribed_already) return nullptr;
    return make_frame(fmt::format("no {} {}", static_cast<int>(refusal), market));
  }
  // All that the client follows by now.
  Frame conclude(const Request& request, const Client& client, const Scene& scene) override {
    if (request.text == "url") return nullptr;
    std::string text = "following";
    for (std::size_t i = 0; i < scene.markets.size(); ++i) {
      const std::string& name = scene.markets[i].instrument.stream_name;
      if ((client.trades & bit_of(i)) != 0) text += fmt::format(" {}.trades", name);
      if ((client.heartbeats & bit_of(i)) != 0) text += fmt::format(" {}.beat", name);
      if (client.book_depth(i) != 0) text += fmt::format(" {}.book", name);
    }
    return frame_of(client.style, text);
  }
  Frame too_many_messages(const Scene&) override { return nullptr; }
  Frame status(const Scene& scene) override { return scene.maintenance ? make_frame("bye") : nullptr; }
  std::vector<Frame> heartbeats(const Client& client, const Scene& scene) override {
    std::vector<Frame> frames;
    for (std::size_t i = 0; i < scene.markets.size(); ++i) {
      const SimulatedMarket& market = scene.markets[i];
      if ((client.heartbeats & bit_of(i)) == 0) continue;
      const std::int64_t last = market.history.empty() ? 0 : market.history.back().id;
      frames.push_back(frame_of(client.style, fmt::format("{} beat {}", market.instrument.stream_name, last)));
    }
    return frames;
  }

  std::vector<Frame> trades(std::span<const ReleasedTrade> trades, std::uint8_t style) override {
    return rows("trade", trades, style);
  }
  std::vector<Frame> trade_snapshot(std::span<const ReleasedTrade> trades, std::uint8_t style) override {
    return rows("last", trades, style);
  }
  Frame book_snapshot(const BookMessage& book, std::uint8_t style) override {
    return frame_of(style, book_text(book, book.book->bids, book.book->asks));
  }
  Frame book_update(const BookMessage& book, std::uint8_t style) override {
    return frame_of(style, book_text(book, book.bids, book.asks));
  }
  Frame bad_frame(std::string_view name, const Instrument& instrument, std::size_t) override {
    return make_frame(fmt::format("{} {}", instrument.stream_name, name));
  }

  bool has_path(std::string_view path) const override { return path.starts_with("/trades/"); }
  double cost(const Target&) const override { return 2; }
  // /trades/btcusd?below=ID&limit=N: newest first.
  HttpAnswer answer(const RestCall& call) override {
    if (!call.within_limits) return {.status = 429, .body = "slower", .headers = {{"Retry-After", "3"}}};
    const std::string_view name = std::string_view(call.target.path).substr(std::string_view("/trades/").size());
    const auto market = std::ranges::find_if(
        call.scene.markets, [&](const SimulatedMarket& m) { return m.instrument.stream_name == name; });
    if (market == call.scene.markets.end()) return {.status = 404, .body = "no such market"};
    const std::int64_t below = number(call.target.get("below"), INT64_MAX);
    const PageFaults faults = call.faults.strike_page(call.wall);
    const std::size_t limit = std::min(static_cast<std::size_t>(number(call.target.get("limit"), rows_max)),
                                       faults.rows_max.value_or(rows_max));
    std::vector<std::int64_t> ids;
    for (std::size_t i = market->history.size(); i-- > 0 && ids.size() < limit;) {
      if (const std::int64_t id = market->history[i].id; id < below) ids.push_back(id);
    }
    HttpAnswer answer{.content_type = "text/plain",
                      .body = fmt::format("{}", fmt::join(ids, " ")),
                      .headers = {{"Used", fmt::format("{}", call.used)}}};
    if (!ids.empty()) answer.headers.emplace_back("Older", std::to_string(ids.back()));
    return answer;
  }
  std::string_view broken_page() const override { return "broken"; }

 private:
  static std::vector<Frame> rows(std::string_view kind, std::span<const ReleasedTrade> trades, std::uint8_t style) {
    std::vector<Frame> frames;
    for (const ReleasedTrade& released : trades) {
      frames.push_back(
          frame_of(style, fmt::format("{} {} {} {} {}", released.instrument->stream_name, kind, released.trade.id,
                                      released.trade.price.to_text(), released.trade.quantity.to_text())));
    }
    return frames;
  }
};

}  // namespace

std::unique_ptr<Dialect> make_dialect(std::uint64_t) { return std::make_unique<ToyDialect>(); }

}  // namespace candled::simulator::toy
