// Kraken: WebSocket v2 trades and the public REST calls Trades, Time and AssetPairs; OHLC is in ohlc.cpp, books are in book.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "candled/ingest/exchange_table.hpp"
#include "ingest/exchange.hpp"
#include "ingest/exchanges/kraken/book.hpp"
#include "ingest/exchanges/kraken/book_check.hpp"
#include "ingest/exchanges/kraken/error.hpp"
#include "ingest/exchanges/kraken/ohlc.hpp"
#include "ingest/exchanges/kraken/row.hpp"
#include "ingest/json_token.hpp"

namespace candled::ingest {
namespace {

namespace ondemand = simdjson::ondemand;
using Row = KrakenRow;
using simdjson::error_code;
using simdjson::SUCCESS;

constexpr std::size_t ns_digits = 19;  // of a time in nanoseconds since 2001

static_assert(text_padding >= simdjson::SIMDJSON_PADDING);

// XBT and XDG are what REST calls BTC and DOGE.
std::string stream_leg(std::string_view leg) {
  if (leg == "XBT") return "BTC";
  if (leg == "XDG") return "DOGE";
  return std::string(leg);
}

std::string stream_symbol(std::string_view wsname) {
  const std::size_t slash = wsname.find('/');
  if (slash == std::string_view::npos) return {};
  return stream_leg(wsname.substr(0, slash)) + "/" + stream_leg(wsname.substr(slash + 1));
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

constexpr std::size_t status_bytes_max = 200;  // of a text that goes into the log

RestError transient(std::string message) { return kraken_transient(std::move(message)); }

std::unexpected<RestError> not_json() { return std::unexpected(transient("the answer is not JSON")); }

constexpr int unsubscribe_request_id = 5;

// Each symbol is answered by itself, all under the same number.
std::string trade_message(std::string_view method, const std::vector<std::string>& symbols, std::string_view more,
                          int request_id) {
  std::string list;
  for (const std::string& symbol : symbols) list.append(list.empty() ? "\"" : ",\"").append(symbol).append("\"");
  return fmt::format(R"({{"method":"{}","params":{{"channel":"trade","symbol":[{}]{}}},"req_id":{}}})", method, list,
                     more, request_id);
}

class Kraken : public Exchange {
 public:
  explicit Kraken(std::vector<std::string> symbols) : symbols_(std::move(symbols)) {}

  std::vector<StreamRequest> subscribe(const std::vector<std::string>& symbols) const override {
    return {{trade_message("subscribe", symbols, R"(,"snapshot":true)", 1), symbols, {}}};
  }
  std::vector<StreamRequest> unsubscribe(const std::vector<std::string>& symbols) const override {
    return {{trade_message("unsubscribe", symbols, "", unsubscribe_request_id), symbols, {}}};
  }
  std::string ping() const override { return R"({"method":"ping","req_id":2})"; }
  std::vector<StreamRequest> subscribe_books(const std::vector<std::string>& symbols,
                                             std::size_t depth) const override {
    return {{kraken_book_message("subscribe", symbols, depth), symbols, {}}};
  }
  std::vector<StreamRequest> unsubscribe_books(const std::vector<std::string>& symbols,
                                               std::size_t depth) const override {
    return {{kraken_book_message("unsubscribe", symbols, depth), symbols, {}}};
  }
  std::unique_ptr<BookCheck> book_check() const override { return std::make_unique<KrakenBookCheck>(); }
  void read(std::string_view text, Frame& frame) override;

  RestResult<void> judge(const net::RestAnswer& answer) override { return judge_kraken(parser_, answer); }
  net::RestRequest time_request() const override { return {.target = "/Time"}; }
  RestResult<ServerTime> read_time(std::string_view body) override;
  net::RestRequest names_request() const override { return {.target = "/AssetPairs"}; }
  RestResult<std::vector<RestName>> read_names(std::string_view body) override;
  net::RestRequest trades_request(const std::string& rest_name, const PageRequest& page) const override {
    const std::string since = page.since ? "&since=" + std::to_string(std::max<std::int64_t>(page.since->ns, 0)) : "";
    return {.target = "/Trades?pair=" + rest_name + since + "&count=1000"};
  }
  RestResult<void> read_trades(std::string_view body, TradesPage& page) override;
  std::vector<Duration> candle_intervals() const override { return kraken_ohlc_intervals(); }
  net::RestRequest candles_request(const std::string& rest_name, Duration interval) const override {
    return {.target = kraken_ohlc_target(rest_name, interval)};
  }
  RestResult<void> read_candles(std::string_view body, CandlesPage& page) override {
    return parse_kraken_ohlc(body, page);
  }
  std::string spelled_here(const std::string& symbol) const override {
    const std::string other = stream_symbol(symbol);
    return other == symbol ? std::string{} : other;
  }

 private:
  error_code channel_frame(ondemand::object& object, std::string_view channel, Frame& frame);
  error_code trade_rows(ondemand::array rows, Frame& frame);
  error_code trade_row(ondemand::object object, Row& row, bool& ours);
  error_code method_frame(ondemand::object& object, std::string_view method, Frame& frame);
  bool find_market(std::string_view symbol);
  error_code book_frame(ondemand::object& object, Frame& frame);
  static error_code rest_row(ondemand::array fields, Row& row);
  static error_code rest_rows(ondemand::array rows, TradesPage& page);

  std::vector<std::string> symbols_;
  std::size_t market_ = 0;  // of the row at hand; most rows follow one of the same market
  ondemand::parser parser_;
};

void Kraken::read(std::string_view text, Frame& frame) {
  frame.clear();
  ondemand::document document;
  error_code error = parser_.iterate(padded(text)).get(document);
  ondemand::object object;
  if (!error) error = document.get_object().get(object);
  std::string_view word;
  if (!error) {
    error = object.find_field_unordered("channel").get_string().get(word);
    if (!error) {
      error = channel_frame(object, word, frame);
    } else if (error == simdjson::NO_SUCH_FIELD) {
      error = object.find_field_unordered("method").get_string().get(word);
      if (!error) error = method_frame(object, word, frame);
      if (error == simdjson::NO_SUCH_FIELD) error = SUCCESS;  // a message of a kind that we do not know
    }
  }
  if (error) {
    frame.clear();  // a frame that breaks off is not believed in part: what was in it comes back over REST
    frame.note_bad(simdjson::error_message(error));
  }
}

error_code Kraken::channel_frame(ondemand::object& object, std::string_view channel, Frame& frame) {
  const bool trade = channel == "trade";
  if (channel == "book") return book_frame(object, frame);
  if (!trade && channel != "status") return SUCCESS;
  std::string_view type;
  if (error_code error = optional_text(object, "type", type)) return error;
  frame.snapshot = trade && type == "snapshot";
  ondemand::array rows;
  if (error_code error = object.find_field_unordered("data").get_array().get(rows)) return error;
  if (trade) return trade_rows(rows, frame);
  for (auto element : rows) {
    std::string_view system;
    if (error_code error = element.find_field_unordered("system").get_string().get(system)) return error;
    frame.system_text = system.substr(0, status_bytes_max);
    frame.system = system == "online"        ? SystemState::online
                   : system == "maintenance" ? SystemState::maintenance
                                             : SystemState::limited;
  }
  return SUCCESS;
}

error_code Kraken::book_frame(ondemand::object& object, Frame& frame) {
  std::string_view type;
  if (error_code error = optional_text(object, "type", type)) return error;
  ondemand::array data;
  if (error_code error = object.find_field_unordered("data").get_array().get(data)) return error;
  const FindMarket find = [this](std::string_view symbol) {
    return find_market(symbol) ? std::optional(market_) : std::nullopt;
  };
  return read_kraken_books(data, type == "snapshot", find, frame);
}

error_code Kraken::trade_rows(ondemand::array rows, Frame& frame) {
  for (auto element : rows) {
    ondemand::value value;
    if (error_code error = element.get(value)) return error;
    ondemand::object object;
    if (error_code error = value.get_object().get(object)) {
      if (error != simdjson::INCORRECT_TYPE) return error;
      frame.note_bad("a trade that is not an object");
      continue;
    }
    Row row;
    bool ours = false;
    if (error_code error = trade_row(object, row, ours)) return error;
    constexpr unsigned needed = Row::symbol | Row::side | Row::price | Row::quantity | Row::id | Row::time;
    if (row.seen != needed && row.problem == nullptr) row.problem = "a field that is missing";
    if (row.problem != nullptr) {
      if (ours || !(row.seen & Row::symbol)) frame.note_bad(std::string("trade with bad ") + row.problem);
    } else if (ours) {
      frame.trades.push_back({market_, row.trade});
    }
  }
  return SUCCESS;
}

// Only errors of structure are returned; a field of the wrong type or value makes a bad row.
error_code Kraken::trade_row(ondemand::object object, Row& row, bool& ours) {
  for (auto element : object) {
    ondemand::field field;
    if (error_code error = std::move(element).get(field)) return error;
    const ondemand::raw_json_string key = field.key();
    const std::string_view text = scalar_text(field.value());
    if (key.unsafe_is_equal("symbol")) {
      if (!text.empty()) row.take(true, Row::symbol, "symbol");
      ours = find_market(text);
    } else if (key.unsafe_is_equal("side")) {
      row.side_text(text, "buy", "sell");
    } else if (key.unsafe_is_equal("price")) {
      row.price_text(text);
    } else if (key.unsafe_is_equal("qty")) {
      row.quantity_text(text, "qty");
    } else if (key.unsafe_is_equal("trade_id")) {
      row.id_text(text);
    } else if (key.unsafe_is_equal("timestamp")) {
      row.time_value(parse_rfc3339(text), "timestamp");
    } else if (key.unsafe_is_equal("ord_type")) {
      row.order_type(text, "limit", "market");
    }
  }
  return SUCCESS;
}

bool Kraken::find_market(std::string_view symbol) {
  if (market_ < symbols_.size() && symbols_[market_] == symbol) return true;
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (symbols_[i] == symbol) {
      market_ = i;
      return true;
    }
  }
  return false;
}

// Any error makes the frame a bad one.
error_code Kraken::method_frame(ondemand::object& object, std::string_view method, Frame& frame) {
  if (method != "subscribe") return SUCCESS;  // pongs and the like only prove that the link is alive
  SubscriptionReply reply;
  if (error_code error = object.find_field_unordered("success").get_bool().get(reply.accepted)) return error;
  std::string_view text;
  if (!reply.accepted) {
    if (error_code error = optional_text(object, "symbol", text)) return error;
    reply.symbol = text;
    if (error_code error = optional_text(object, "error", text)) return error;
    reply.text = text.substr(0, 200);
    std::int64_t id = 0;
    const error_code no_id = object.find_field_unordered("req_id").get_int64().get(id);
    if (no_id && no_id != simdjson::NO_SUCH_FIELD && no_id != simdjson::INCORRECT_TYPE) return no_id;
    reply.book = (!no_id && id == kraken_book_request_id) || contains(reply.text, "depth");
    reply.accepted = contains(reply.text, "Already subscribed");
    reply.permanent = !contains(reply.text, "msg rate");
    frame.replies.push_back(std::move(reply));
    return SUCCESS;
  }
  ondemand::object result;
  if (error_code error = object.find_field_unordered("result").get_object().get(result)) return error;
  if (error_code error = optional_text(result, "channel", text)) return error;
  if (text != "trade") return SUCCESS;
  if (error_code error = result.find_field_unordered("symbol").get_string().get(text)) return error;
  reply.symbol = text;
  frame.replies.push_back(std::move(reply));
  return SUCCESS;
}

RestResult<ServerTime> Kraken::read_time(std::string_view body) {
  ondemand::document document;
  if (parser_.iterate(padded(body)).get(document)) return not_json();
  RestResult<ondemand::object> result = kraken_result(document);
  if (!result) return std::unexpected(result.error());
  ondemand::value value;
  if (result->find_field_unordered("unixtime").get(value))
    return std::unexpected(transient("the answer has no unixtime"));
  const Result<Timestamp> time = parse_unix_seconds(scalar_text(value));
  if (!time || *time < first_believable) return std::unexpected(transient("the answer has a strange unixtime"));
  return ServerTime{*time};
}

RestResult<std::vector<RestName>> Kraken::read_names(std::string_view body) {
  ondemand::document document;
  if (parser_.iterate(padded(body)).get(document)) return not_json();
  RestResult<ondemand::object> result = kraken_result(document);
  if (!result) return std::unexpected(result.error());
  std::vector<RestName> names;
  for (auto element : *result) {
    ondemand::field field;
    if (std::move(element).get(field)) return std::unexpected(transient("the list of pairs breaks off"));
    ondemand::object pair;
    error_code error = field.value().get_object().get(pair);
    if (error == simdjson::INCORRECT_TYPE) continue;
    std::string_view wsname, altname;
    if (!error) error = optional_text(pair, "wsname", wsname);
    if (!error) error = optional_text(pair, "altname", altname);
    BookPrecision precision;
    if (!error) error = read_kraken_precision(pair, precision);
    if (error) return std::unexpected(transient("the list of pairs breaks off"));
    const bool plain = altname.find_first_of("&=?#/ %\\\r\n") == std::string_view::npos && !altname.empty();
    const std::string symbol = stream_symbol(wsname);
    if (plain && !altname.ends_with(".d") && !symbol.empty())
      names.push_back({symbol, std::string(altname), precision});
  }
  if (names.empty()) return std::unexpected(transient("the list of pairs is empty"));
  return names;
}

// REST gives a rounded double with up to seven decimals, the stream cuts to microseconds. Cut to those, a trade has one time
// whichever way it came, but for a double that was rounded up across a microsecond.
Result<Timestamp> rest_time(std::string_view text) {
  const Result<Timestamp> time = parse_unix_seconds(text);
  return time ? floor_to(*time, Duration::nanoseconds(1'000)) : time;
}

// [price, volume, time, side, order type, misc, trade_id]
error_code Kraken::rest_row(ondemand::array fields, Row& row) {
  int column = 0;
  for (auto element : fields) {
    ondemand::value value;
    if (error_code error = element.get(value)) return error;
    const std::string_view text = scalar_text(value);
    switch (column++) {
      case 0: row.price_text(text); break;
      case 1: row.quantity_text(text, "volume"); break;
      case 2: row.time_value(rest_time(text), "time"); break;
      case 3: row.side_text(text, "b", "s"); break;
      case 4: row.order_type(text, "l", "m"); break;
      case 6: row.id_text(text); break;
      default: break;
    }
  }
  constexpr unsigned needed = Row::side | Row::price | Row::quantity | Row::id | Row::time;
  row.take((row.seen & needed) == needed, Row::symbol, "number of columns");
  row.trade.source = TradeSource::rest;
  return SUCCESS;
}

error_code Kraken::rest_rows(ondemand::array rows, TradesPage& page) {
  for (auto element : rows) {
    ondemand::value value;
    if (error_code error = element.get(value)) return error;
    ++page.rows;
    ondemand::array fields;
    Row row;
    error_code error = value.get_array().get(fields);
    if (!error) error = rest_row(fields, row);
    if (error == simdjson::INCORRECT_TYPE) {
      row.problem = "shape";
    } else if (error) {
      return error;
    }
    if (row.problem == nullptr) {
      page.trades.push_back(row.trade);
    } else if (page.bad_rows++ == 0) {
      page.problem = std::string("trade with bad ") + row.problem;
    }
  }
  return SUCCESS;
}

RestResult<void> Kraken::read_trades(std::string_view body, TradesPage& page) {
  page.clear();
  ondemand::document document;
  if (parser_.iterate(padded(body)).get(document)) return not_json();
  RestResult<ondemand::object> result = kraken_result(document);
  if (!result) return std::unexpected(result.error());
  bool rows_found = false;
  for (auto element : *result) {
    ondemand::field field;
    if (std::move(element).get(field)) return std::unexpected(transient("the page of trades breaks off"));
    if (field.key().unsafe_is_equal("last")) {
      const std::string_view text = scalar_text(field.value());
      if (text.size() != ns_digits) continue;
      if (const std::optional<std::int64_t> ns = whole_number(text)) page.last = Timestamp{*ns};
      continue;
    }
    ondemand::array rows;
    error_code error = field.value().get_array().get(rows);
    if (error == simdjson::INCORRECT_TYPE) continue;
    if (!error) error = rest_rows(rows, page);
    if (error) return std::unexpected(transient("the page of trades breaks off"));
    rows_found = true;
  }
  if (!rows_found) return std::unexpected(transient("the answer has no trades"));
  return {};
}

constexpr std::array<std::size_t, 2> book_depths{10, 25};

constexpr ExchangeDescriptor descriptor{
    .name = "kraken",
    .websocket_url = "wss://ws.kraken.com/v2",
    .rest_url = "https://api.kraken.com/0/public",
    .rest_interval = Duration::milliseconds(1200),
    .watchdog = Duration::seconds(5),
    .subscribe_timeout = Duration::seconds(10),
    .greeting_wait = Duration::seconds(1),
    .pings = Pings::by_client,
    .connects_per_minute = 10,
    .messages = {.count = 20, .per = Duration::seconds(1)},
    .numbers = TradeNumbers::contiguous,
    .paging = Paging::by_time,
    .page_rows_max = 1000,
    .snapshot_wait = Duration::seconds(3),
    .books = BookKind::checked_stream,
    .book_depths = book_depths,
};

}  // namespace

ExchangeEntry kraken_entry() {
  return {&descriptor, [](std::vector<std::string> symbols) -> std::unique_ptr<Exchange> {
            return std::make_unique<Kraken>(std::move(symbols));
          }};
}

}  // namespace candled::ingest
