// The protocol:
//   C {"want":["BTC-USD","ETH-USD"],"call":1}
//   S {"call":1,"ok":true}                                   or {"call":1,"ok":false,"why":"no such market","market":"NO-PE"}
//   S {"market":"BTC-USD","trades":[[17,"100.5","0.2","b",1762795200001]]}    id, price, quantity, taker's side, milliseconds
//   S {"newest":{"BTC-USD":17,"ETH-USD":0}}                   now and then; 0: it does not tell
//   GET /clock            {"ms":1762795200000}
//   GET /markets          {"markets":["BTC-USD","ETH-USD"]}
//   GET /trades/BTC-USD   [[...],...], the newest 100, newest first; ?up_to=ID: those up to this one
//   Errors: a status and {"why":"..."}. 400 "slow down" is a rate limit.
#include "ingest/toy_exchange/toy_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ingest/exchange.hpp"
#include "ingest/json_token.hpp"

namespace candled::ingest {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr ExchangeDescriptor descriptor{
    .name = "toy",
    .websocket_url = "wss://stream.toy.test",
    .rest_url = "https://api.toy.test",
    .rest_interval = Duration::milliseconds(10),
    .watchdog = Duration::seconds(20),
    .pings = Pings::by_server,
    .lifetime = Duration::hours(12),
    .markets_per_connection = 5,
    .messages = {.count = 2, .per = Duration::milliseconds(100)},
    .numbers = TradeNumbers::contiguous,
    .paging = Paging::by_id,
    .page_rows_max = 100,
};
constexpr std::size_t markets_per_message = 1;

std::string toy_name(std::string symbol) {
  std::ranges::replace(symbol, '/', '-');
  return symbol;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error != std::errc{} || end != text.data() + text.size() ? std::nullopt : std::optional(number);
}

// [id, price, quantity, side, ms]. Only errors of structure are returned: behind one, nothing can be read any more.
error_code take_row(ondemand::array fields, Trade& trade, bool& is_trade) {
  int column = 0, good = 0;
  for (auto element : fields) {
    ondemand::value value;
    if (error_code error = element.get(value)) return error;
    const std::string_view text = scalar_text(value);
    switch (column++) {
      case 0:
        trade.id = whole(text).value_or(0);
        good += trade.id > 0 && trade.id < INT64_MAX;
        break;
      case 1: {
        const Result<Price> price = Price::parse(text);
        good += price && price->is_positive();
        if (price) trade.price = *price;
        break;
      }
      case 2: {
        const Result<Quantity> quantity = Quantity::parse(text);
        good += quantity && quantity->is_positive();
        if (quantity) trade.quantity = *quantity;
        break;
      }
      case 3:
        trade.side = text == "b" ? Side::buy : Side::sell;
        good += text == "b" || text == "s";
        break;
      case 4: {
        const std::int64_t ms = whole(text).value_or(0);
        good += ms > 1'300'000'000'000 && ms < 7'000'000'000'000;
        trade.time = Timestamp{ms > 7'000'000'000'000 ? 0 : ms * 1'000'000};
        break;
      }
      default: break;
    }
  }
  is_trade = good == 5;
  return simdjson::SUCCESS;
}

// A row that is no list is no trade.
error_code take_element(simdjson::simdjson_result<ondemand::value> element, Trade& trade, bool& is_trade) {
  ondemand::array fields;
  const error_code error = element.get_array().get(fields);
  if (error == simdjson::INCORRECT_TYPE) return simdjson::SUCCESS;
  return error ? error : take_row(fields, trade, is_trade);
}

class Toy final : public Exchange {
 public:
  explicit Toy(std::vector<std::string> symbols) : symbols_(std::move(symbols)) {}

  std::vector<StreamRequest> subscribe(const std::vector<std::string>& symbols) const override {
    std::vector<StreamRequest> requests;
    for (std::size_t i = 0; i < symbols.size(); i += markets_per_message) {
      const auto number = static_cast<std::int64_t>(requests.size() + 1);
      requests.push_back(
          {fmt::format(R"({{"want":["{}"],"call":{}}})", toy_name(symbols[i]), number), {symbols[i]}, number});
    }
    return requests;
  }
  void read(std::string_view text, Frame& frame) override {
    frame.clear();
    ondemand::document document;
    ondemand::object object;
    error_code error = parser_.iterate(padded(text)).get(document);
    if (!error) error = document.get_object().get(object);
    if (!error) error = read_object(object, frame);
    if (!error) return;
    frame.clear();
    frame.note_bad(simdjson::error_message(error));
  }

  RestResult<void> judge(const net::RestAnswer& answer) override {
    RestResult<void> judged = judge_status(answer);
    if (judged) return judged;
    ondemand::document document;
    std::string_view why;
    if (parser_.iterate(padded(answer.body)).get(document) || document["why"].get_string().get(why)) return judged;
    judged.error().message += fmt::format(": {}", why.substr(0, 100));
    if (why == "slow down") judged.error().kind = RestError::Kind::rate_limited;
    std::ranges::replace(judged.error().message, '\n', ' ');
    return judged;
  }
  net::RestRequest time_request() const override { return {.target = "/clock"}; }
  RestResult<ServerTime> read_time(std::string_view body) override {
    ondemand::document document;
    std::int64_t ms = 0;
    if (parser_.iterate(padded(body)).get(document) || document["ms"].get_int64().get(ms) || ms <= 0 ||
        ms > 7'000'000'000'000) {
      return std::unexpected(RestError{.message = "no time"});
    }
    return ServerTime{Timestamp{ms * 1'000'000}, Duration::milliseconds(1)};
  }
  net::RestRequest names_request() const override { return {.target = "/markets", .cost = 3}; }
  RestResult<std::vector<RestName>> read_names(std::string_view body) override {
    ondemand::document document;
    ondemand::array markets;
    if (parser_.iterate(padded(body)).get(document) || document["markets"].get_array().get(markets)) {
      return std::unexpected(RestError{.message = "no markets"});
    }
    std::vector<RestName> names;
    for (auto element : markets) {
      std::string_view name;
      if (element.get_string().get(name)) return std::unexpected(RestError{.message = "the markets break off"});
      std::string symbol(name);
      std::ranges::replace(symbol, '-', '/');
      names.push_back({symbol, std::string(name)});
    }
    return names;
  }
  net::RestRequest trades_request(const std::string& rest_name, const PageRequest& page) const override {
    return {.target = "/trades/" + rest_name + (page.ids ? fmt::format("?up_to={}", page.ids->last) : "")};
  }
  RestResult<void> read_trades(std::string_view body, TradesPage& page) override {
    page.clear();
    ondemand::document document;
    ondemand::array rows;
    if (parser_.iterate(padded(body)).get(document) || document.get_array().get(rows))
      return std::unexpected(RestError{.message = "no trades"});
    for (auto element : rows) {
      Trade trade;
      bool is_trade = false;
      ++page.rows;
      if (take_element(element, trade, is_trade)) return std::unexpected(RestError{.message = "the trades break off"});
      trade.source = TradeSource::rest;
      if (is_trade) {
        page.trades.push_back(trade);
      } else {
        ++page.bad_rows;
        page.problem = "not a trade";
      }
    }
    return {};
  }
  std::string spelled_here(const std::string&) const override { return {}; }

 private:
  std::optional<std::size_t> market_of(std::string_view name) const {
    const auto place =
        std::ranges::find_if(symbols_, [&](const std::string& symbol) { return toy_name(symbol) == name; });
    return place == symbols_.end() ? std::nullopt : std::optional(static_cast<std::size_t>(place - symbols_.begin()));
  }

  error_code read_object(ondemand::object& object, Frame& frame) const {
    std::string_view name;
    ondemand::array rows;
    ondemand::object newest;
    error_code error = object.find_field_unordered("market").get_string().get(name);
    if (!error) error = object.find_field_unordered("trades").get_array().get(rows);
    if (!error) return read_rows(rows, market_of(name), frame);
    if (error == simdjson::NO_SUCH_FIELD) error = object.find_field_unordered("newest").get_object().get(newest);
    if (!error) return read_newest(newest, frame);
    std::int64_t call = 0;
    if (error == simdjson::NO_SUCH_FIELD) error = object.find_field_unordered("call").get_int64().get(call);
    if (error) return error == simdjson::NO_SUCH_FIELD ? simdjson::SUCCESS : error;  // of a kind that we do not know
    SubscriptionReply reply;
    reply.number = call;
    error = object.find_field_unordered("ok").get_bool().get(reply.accepted);
    if (error) return error;
    if (!reply.accepted) {
      error = optional_text(object, "why", name);
      if (error) return error;
      reply.text = name.substr(0, 100);
      error = optional_text(object, "market", name);
      if (error) return error;
      if (const auto market = market_of(name)) reply.symbol = symbols_[*market];
    }
    frame.replies.push_back(std::move(reply));
    return simdjson::SUCCESS;
  }

  static error_code read_rows(ondemand::array rows, std::optional<std::size_t> market, Frame& frame) {
    for (auto element : rows) {
      Trade trade;
      bool is_trade = false;
      if (error_code error = take_element(element, trade, is_trade)) return error;
      if (is_trade && market) frame.trades.push_back({*market, trade});
      if (!is_trade) frame.note_bad("not a trade");
    }
    return simdjson::SUCCESS;
  }

  error_code read_newest(ondemand::object newest, Frame& frame) const {
    for (auto element : newest) {
      ondemand::field field;
      if (error_code error = std::move(element).get(field)) return error;
      std::string_view name;
      if (error_code error = field.unescaped_key().get(name)) return error;
      const std::optional<std::size_t> market = market_of(name);
      const std::optional<std::int64_t> id = whole(scalar_text(field.value()));
      if (market && id && *id > 0) frame.last_trades.push_back({*market, *id});
    }
    return simdjson::SUCCESS;
  }

  std::vector<std::string> symbols_;
  ondemand::parser parser_;
};

}  // namespace

ExchangeEntry toy_entry() {
  return {&descriptor, [](std::vector<std::string> symbols) -> std::unique_ptr<Exchange> {
            return std::make_unique<Toy>(std::move(symbols));
          }};
}

}  // namespace candled::ingest
