// The life of a connection: dialling, reading, watching, closing. What a frame means is in link_frames.cpp.
#include "ingest/exchange_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>


namespace candled::ingest {
namespace {

constexpr Duration first_frame_wait = Duration::seconds(1);    // an exchange that greets late is asked anyway
constexpr Duration clock_every = Duration::minutes(10);
constexpr Duration look_every = Duration::milliseconds(100);
constexpr Duration look_blocked = Duration::milliseconds(400);  // between two looks: the thread was kept, not the exchange
constexpr int silent_looks_max = 3;
constexpr Duration ask_refused_again = Duration::minutes(10);
constexpr Duration repeat_line_after = Duration::seconds(60);

net::Url url_of(const std::string& text, const char* key, const ExchangeSettings& settings) {
  Result<net::Url> url = net::parse_url(text);
  if (!url) throw std::runtime_error(fmt::format("[exchange.{}] {}: {}", settings.name, key, url.error().message));
  return *url;
}

}  // namespace

ExchangeLink::ExchangeLink(LinkParts parts, const ExchangeSettings& settings, const HistorySettings& history,
                           const std::vector<const Market*>& markets, const std::vector<MarketCursor>& cursors,
                           const std::vector<std::size_t>& book_depths)
    : parts_(parts),
      settings_(settings),
      history_(history),
      url_(url_of(settings.websocket_url, "websocket_url", settings)),
      clock_(settings.clock_rate),
      evidence_(parts.log, parts.statistics),
      clock_wanted_(parts.loop) {
  const net::Url rest_url = url_of(settings.rest_url, "rest_url", settings);
  if (url_.secure || rest_url.secure) {
    const Result<void> readable = parts.loop.world().check_authorities(settings.ca_file);
    if (!readable) throw std::runtime_error(fmt::format("[exchange.{}] {}", settings.name, readable.error().message));
  }
  std::vector<std::string> symbols;
  for (const Market* market : markets) symbols.push_back(market->symbol);
  exchange_ = make_exchange(settings.name, std::move(symbols));
  if (!exchange_) {
    throw std::runtime_error(fmt::format("unknown exchange '{}' (known: {})", settings.name, exchange_names()));
  }
  const net::RestClient::Parts rest_parts{parts.loop, parts.dice, parts.log, parts.statistics.rest_requests,
                                          parts.statistics.rest_failures};
  client_ = std::make_unique<net::RestClient>(rest_parts, rest_url, settings.ca_file,
                                              parts.limiters.of(rest_url.host, settings.rest_interval));
  rest_ = std::make_unique<ExchangeRest>(*client_, *exchange_, clock_, evidence_);
  for (std::size_t i = 0; i < markets.size(); ++i) {
    const MarketParts market_parts{parts.loop, *rest_, clock_, parts.outlet, parts.log, settings_, history_};
    markets_.push_back(std::make_unique<MarketFlow>(market_parts, *markets[i], cursors[i], parts.statistics.of(markets[i]->id)));
    const bool book = book_depths[i] > 0 && exchange_->has_books();
    MarketStatistics& statistics = parts.statistics.of(markets[i]->id);
    books_.push_back(book ? std::make_unique<MarketBook>(*markets[i], book_depths[i], parts.outlet, parts.log, statistics) : nullptr);
  }
}

void ExchangeLink::start() {
  parts_.loop.spawn(keep_clock());
  parts_.loop.spawn(learn_names());
  parts_.loop.spawn(stay_connected());
  parts_.loop.spawn(tend());
  for (auto& market : markets_) {
    parts_.loop.spawn(market->keep_complete());
    parts_.loop.spawn(market->fill_recorded_holes());
  }
}

net::Task<void> ExchangeLink::keep_clock() {
  while (!parts_.loop.stopping()) {
    RestResult<void> done = co_await rest_->ask_time();
    if (!done) continue;  // the host's limiter paces the next try
    clock_confirmed_ = true;
    co_await clock_wanted_.wait(clock_every);
  }
}

net::Task<void> ExchangeLink::learn_names() {
  while (!parts_.loop.stopping()) {
    if (!names_wanted_) {
      co_await parts_.loop.sleep(Duration::seconds(1));
      continue;
    }
    RestResult<std::vector<RestName>> names = co_await rest_->ask_names();
    if (!names) continue;
    names_wanted_ = false;
    name_markets(*names);
  }
}

void ExchangeLink::name_markets(const std::vector<RestName>& names) {
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    MarketFlow* market = markets_[i].get();
    const std::string& symbol = market->market().symbol;
    const auto name = std::ranges::find(names, symbol, &RestName::symbol);
    if (name != names.end()) {
      market->set_rest_name(name->name);
      if (books_[i]) books_[i]->set_precision(name->precision);
      continue;
    }
    const std::string other = exchange_->spelled_here(symbol);
    const std::string hint = other.empty() ? "" : "; it is called " + other + " there";
    market->refuse(fmt::format("{} is not in the exchange's list of markets{}", symbol, hint), "this market is off, others live on");
  }
}

bool ExchangeLink::all_refused() const {
  return std::ranges::all_of(markets_, [](const auto& market) { return market->refused(); });
}

net::Task<void> ExchangeLink::wait_before_dialling() {
  if (all_refused()) {
    parts_.log.error("no market of this exchange can be subscribed",
                     {{"exchange", settings_.name}, {"host", url_.host}, {"next", "asking again in " + to_text(ask_refused_again)}});
    co_await parts_.loop.sleep(ask_refused_again);
    for (auto& market : markets_) market->allow();
    names_wanted_ = true;
  }
  co_await parts_.loop.sleep(backoff_.delay(parts_.loop.now(), parts_.dice));
}

void ExchangeLink::connect_failed(const net::ConnectFailure& failure) {
  const Duration now = parts_.loop.now();
  std::string next = "trying again";
  backoff_.lost({});
  // The edge refuses the upgrade when there were too many attempts, or when it has banned the address.
  if (failure.http_status && (*failure.http_status == 429 || *failure.http_status == 403 || *failure.http_status == 418)) {
    const Duration pause = failure.retry_after.value_or(net::Backoff::ban_default);
    backoff_.ban(now + pause);
    next = fmt::format("no attempt for {} s", pause.ns / 1'000'000'000);
  }
  parts_.statistics.reconnects.add();
  // An outage is one line, and another each minute that it lasts.
  if (failure.message == failure_told_ && now - failure_told_at_ < repeat_line_after) return;
  failure_told_ = failure.message;
  failure_told_at_ = now;
  parts_.log.warning("connection failed", {{"exchange", settings_.name}, {"host", url_.host}, {"error", failure.message}, {"next", next}});
}

net::Task<void> ExchangeLink::stay_connected() {
  while (!parts_.loop.stopping()) {
    co_await wait_before_dialling();
    if (parts_.loop.stopping()) co_return;
    backoff_.attempt(parts_.loop.now());
    auto opened = co_await net::open_websocket(parts_.loop, url_, settings_.ca_file);
    if (parts_.loop.stopping()) co_return;
    if (!opened) {
      connect_failed(opened.error());
      continue;
    }
    Shared connection = std::make_shared<Connection>();
    connection->session = std::move(*opened);
    connection->opened = connection->heard = connection->pinged = parts_.loop.now();
    co_await serve(connection);
  }
}

net::Task<void> ExchangeLink::serve(Shared connection) {
  connection_ = connection;
  parts_.statistics.connects.add();
  parts_.statistics.connected.add();
  failure_told_.clear();
  parts_.log.info("connected", {{"exchange", settings_.name}, {"host", url_.host}});
  newest_stamp_ = proven_ = {};
  suspects_.assign(markets_.size(), std::nullopt);
  stamps_trusted_ = false;
  if (clock_.known()) clock_wanted_.notify();
  const net::Loop::OnStop goodbye(parts_.loop, [this, connection] { parts_.loop.spawn(say_goodbye(connection)); });
  std::string why;
  while (!parts_.loop.stopping()) {
    const Duration asked = parts_.loop.now();
    Result<std::string_view> text = co_await connection->session->read();
    if (parts_.loop.stopping()) break;
    if (!text) {
      why = connection->fault.empty() ? text.error().message : connection->fault;
      break;
    }
    handle(*connection, *text, asked, parts_.loop.now());
    if (!connection->asked) subscribe(connection, parts_.loop.now());
    connection->heard = parts_.loop.now();
  }
  connection_.reset();
  clock_confirmed_ = false;
  parts_.statistics.connected.add(-1);
  for (auto& market : markets_) market->disconnected();
  for (auto& book : books_) {
    if (book) book->disconnected();
  }
  if (parts_.loop.stopping()) co_return;
  connection->session->abort();
  backoff_.lost(connection->heard - connection->opened);
  parts_.statistics.reconnects.add();
  parts_.log.warning("connection lost", {{"exchange", settings_.name}, {"host", url_.host}, {"error", why}, {"next", "connecting again"}});
}

// One write at a time; what comes meanwhile waits its turn.
void ExchangeLink::send(const Shared& connection, std::string message) {
  connection->outbox.push_back(std::move(message));
  if (std::exchange(connection->writing, true)) return;
  parts_.loop.spawn(say(connection));
}

net::Task<void> ExchangeLink::say(Shared connection) {
  while (!connection->outbox.empty()) {
    std::string message = std::move(connection->outbox.front());
    connection->outbox.erase(connection->outbox.begin());
    Result<void> done = co_await connection->session->write(std::move(message));
    if (done) continue;
    cut(*connection, "cannot write: " + done.error().message);
    co_return;
  }
  connection->writing = false;
}

net::Task<void> ExchangeLink::say_goodbye(Shared connection) { co_await connection->session->close(); }

void ExchangeLink::cut(Connection& connection, std::string why) {
  if (connection.fault.empty()) connection.fault = std::move(why);
  connection.session->abort();
}

void ExchangeLink::subscribe(const Shared& connection, Duration now) {
  std::vector<std::string> symbols;
  for (const auto& market : markets_) {
    if (!market->refused()) symbols.push_back(market->market().symbol);
  }
  if (symbols.empty()) return cut(*connection, "no market to subscribe");
  connection->asked = true;
  connection->asked_at = now;
  send(connection, exchange_->subscribe_message(symbols));
}

net::Task<void> ExchangeLink::tend() {
  Duration last_look = parts_.loop.now();
  while (!parts_.loop.stopping()) {
    co_await parts_.loop.sleep(look_every);
    const Duration now = parts_.loop.now();
    release_suspects(now);
    for (auto& market : markets_) market->tend(now);
    if (Shared connection = connection_) watch(connection, now, now - last_look);
    last_look = now;
  }
}

// Silence counts only while this thread was free to hear: after a wait for room in the channel, data lies in the socket.
void ExchangeLink::watch(const Shared& connection, Duration now, Duration since_last_look) {
  if (!connection->asked && now - connection->opened > first_frame_wait) subscribe(connection, now);
  if (connection->asked && now - connection->asked_at > settings_.subscribe_timeout && unanswered()) {
    return cut(*connection, "subscription not answered within " + to_text(settings_.subscribe_timeout));
  }
  const Duration silence = now - std::max(connection->heard, connection->session->last_control());
  if (since_last_look > look_blocked || silence <= settings_.watchdog) {
    connection->silent_looks = 0;
  } else if (++connection->silent_looks > silent_looks_max) {
    return cut(*connection, "nothing heard for " + to_text(settings_.watchdog));
  }
  const Duration quiet{settings_.watchdog.ns / 2};
  if (silence > quiet && now - connection->pinged > quiet && !connection->writing) {
    connection->pinged = now;
    send(connection, exchange_->ping_message());
  }
  tend_books(connection, now);
}

MarketFlow* ExchangeLink::find(const std::string& symbol) {
  const auto place = std::ranges::find_if(markets_, [&](const auto& market) { return market->market().symbol == symbol; });
  return place == markets_.end() ? nullptr : place->get();
}

}  // namespace candled::ingest
