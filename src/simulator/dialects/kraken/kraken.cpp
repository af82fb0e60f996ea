#include "simulator/dialects/kraken/kraken.hpp"

#include <fmt/format.h>

#include "simulator/dialects/kraken/book_text.hpp"
#include "simulator/dialects/kraken/pairs.hpp"
#include "simulator/dialects/kraken/requests.hpp"
#include "simulator/dialects/kraken/rest.hpp"
#include "simulator/dialects/kraken/trade_rows.hpp"
#include "simulator/number_text.hpp"
#include "simulator/random.hpp"

namespace candled::simulator::kraken {
namespace {

constexpr std::uint64_t beyond_int64 = std::uint64_t{1} << 63;
constexpr Duration service_time{45'000};  // between time_in and time_out

std::string times(Timestamp in, Timestamp out) {
  return fmt::format("\"time_in\":\"{}\",\"time_out\":\"{}\"", microsecond_text(in), microsecond_text(out));
}

// What every answer to a request ends with.
std::string times_and_id(const Request& request, Timestamp now) {
  std::string text = times(now, now + service_time);
  if (!request.id.empty()) text += ",\"req_id\":" + request.id;
  return text + "}";
}

std::string_view method_name(Method method) { return method == Method::unsubscribe ? "unsubscribe" : "subscribe"; }

std::string error_text(Refusal refusal, std::string_view symbol) {
  switch (refusal) {
    case Refusal::malformed: return "Malformed request";
    case Refusal::unknown_channel: return "Subscription name invalid";
    case Refusal::unsupported_book: return "Subscription depth not supported";
    case Refusal::unknown_market: return fmt::format("Currency pair not supported {}", symbol);
    case Refusal::subscribed_already: return "Already subscribed";
    case Refusal::not_subscribed: return "Subscription Not Found";
    case Refusal::too_fast: return "Exceeded msg rate";
  }
  return {};
}

class KrakenDialect final : public Dialect {
 public:
  explicit KrakenDialect(std::uint64_t seed) : connection_ids_(seed) {}

  std::string_view websocket_path() const override { return "/v2"; }
  std::string_view rest_path() const override { return "/0/public"; }
  Limits limits() const override {
    return {.rest_calls_per_second = 1,
            .rest_burst = 5,
            .connections = 150,
            .connections_window = Duration::minutes(10),
            .messages_per_second = 20,
            .messages_burst = 40,
            .idle = Duration::seconds(60),
            .snapshot_trades = 50,
            .books_are_cut = true};
  }
  Result<Instrument> instrument(std::string_view symbol) const override {
    const Result<Pair> pair = pair_of(symbol);
    if (!pair) return std::unexpected(pair.error());
    return pair->instrument;
  }

  std::optional<Opening> open(const Target& target) override {
    return target.path == "/v2" ? std::optional<Opening>(std::in_place) : std::nullopt;
  }
  Request read(std::string_view message) override { return reader_.read(message); }
  Frame accept(const Request& request, const Topic& topic, const Scene& scene) override;
  Frame refuse(const Request& request, Refusal refusal, std::string_view symbol, const Scene& scene) override;
  Frame conclude(const Request& request, const Client&, const Scene& scene) override {
    if (request.method != Method::other) return nullptr;
    return make_frame("{\"method\":\"pong\"," + times_and_id(request, scene.now));
  }
  Frame too_many_messages(const Scene& scene) override {
    return make_frame("{\"error\":\"Exceeded msg rate\",\"method\":\"subscribe\",\"success\":false," +
                      times(scene.now, scene.now) + "}");
  }
  Frame status(const Scene& scene) override;
  std::vector<Frame> heartbeats(const Client&, const Scene&) override { return {heartbeat_}; }

  std::vector<Frame> trades(std::span<const ReleasedTrade> trades, std::uint8_t) override {
    return {trade_frame("update", trades)};
  }
  std::vector<Frame> trade_snapshot(std::span<const ReleasedTrade> trades, std::uint8_t) override {
    return {trade_frame("snapshot", trades)};
  }
  Frame book_snapshot(const BookMessage& book, std::uint8_t) override { return make_frame(book_snapshot_text(book)); }
  Frame book_update(const BookMessage& book, std::uint8_t) override { return make_frame(book_update_text(book)); }
  Frame bad_frame(std::string_view name, const Instrument& instrument, std::size_t huge_bytes) override;

  bool has_path(std::string_view path) const override { return path.starts_with(rest_root); }
  double cost(const Target&) const override { return 1; }
  HttpAnswer answer(const RestCall& call) override { return {.body = rest_body(call)}; }
  std::string_view broken_page() const override {
    return "<!DOCTYPE html><html><head><title>api.kraken.com | 520: Web server is returning an unknown "
           "error</title></head>"
           "<body><h1>Error 520</h1></body></html>";
  }

 private:
  Frame trade_frame(std::string_view type, std::span<const ReleasedTrade> trades);

  RequestReader reader_;
  Random connection_ids_;
  std::vector<std::optional<StreamRows>> rows_;  // by market
  Frame heartbeat_ = make_frame("{\"channel\":\"heartbeat\"}");
};

Frame KrakenDialect::accept(const Request& request, const Topic& topic, const Scene& scene) {
  std::string text = fmt::format("{{\"method\":\"{}\",\"result\":{{\"channel\":\"{}\",", method_name(request.method),
                                 channel_name(topic.channel));
  if (topic.channel == Channel::book) text += fmt::format("\"depth\":{},", topic.depth);
  if (request.method == Method::subscribe) text += fmt::format("\"snapshot\":{},", topic.snapshot);
  text += fmt::format("\"symbol\":{}}},\"success\":true,", json_string(topic.market));
  return make_frame(text + times_and_id(request, scene.now));
}

Frame KrakenDialect::refuse(const Request& request, Refusal refusal, std::string_view symbol, const Scene& scene) {
  std::string text = fmt::format("{{\"error\":{},\"method\":\"{}\",\"success\":false,",
                                 json_string(error_text(refusal, symbol)), method_name(request.method));
  if (!symbol.empty()) text += fmt::format("\"symbol\":{},", json_string(symbol));
  return make_frame(text + times_and_id(request, scene.now));
}

Frame KrakenDialect::status(const Scene& scene) {
  return make_frame(
      fmt::format("{{\"channel\":\"status\",\"type\":\"update\",\"data\":[{{\"version\":\"2.0.10\",\"system\":\"{}\","
                  "\"api_version\":\"v2\",\"connection_id\":{}}}]}}",
                  scene.maintenance ? "maintenance" : "online", connection_ids_.bits() | beyond_int64));
}

Frame KrakenDialect::trade_frame(std::string_view type, std::span<const ReleasedTrade> trades) {
  std::string text;
  text.reserve(64 + 160 * trades.size());
  text.append("{\"channel\":\"trade\",\"type\":\"").append(type).append("\",\"data\":[");
  const char* separator = "";
  for (const ReleasedTrade& released : trades) {
    if (rows_.size() <= released.market) rows_.resize(released.market + 1);
    std::optional<StreamRows>& rows = rows_[released.market];
    if (!rows) rows.emplace(*released.instrument);
    text += separator;
    rows->append(text, released.trade, released.exponents);
    separator = ",";
  }
  text += "]}";
  return make_frame(std::move(text));
}

Frame KrakenDialect::bad_frame(std::string_view name, const Instrument& instrument, std::size_t huge_bytes) {
  const std::string front =
      fmt::format("{{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{{\"symbol\":\"{}\",\"side\":\"buy\",",
                  instrument.stream_name);
  if (name == "wrong_types") {
    return make_frame(front +
                      "\"price\":{\"value\":1},\"qty\":[],\"ord_type\":7,\"trade_id\":\"many\",\"timestamp\":null}]}");
  }
  if (name == "unknown_channel") {
    return make_frame(
        "{\"channel\":\"weather\",\"type\":\"update\",\"data\":[{\"city\":\"Sheridan\",\"temperature\":-3.5}]}");
  }
  if (name == "empty_data") return make_frame("{\"channel\":\"trade\",\"type\":\"update\",\"data\":[]}");
  if (name == "not_json") return make_frame("<html><body>upstream connect error</body></html>");
  if (name == "huge")
    return make_frame("{\"channel\":\"heartbeat\",\"padding\":\"" + std::string(huge_bytes, 'x') + "\"}");
  return make_frame(front + "\"price\":62807.1,\"qty\":0.0050");
}

}  // namespace

std::unique_ptr<Dialect> make_dialect(std::uint64_t seed) { return std::make_unique<KrakenDialect>(seed); }

}  // namespace candled::simulator::kraken
