#include "ingest/exchange_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace candled::ingest {
namespace {

constexpr Duration look_every = Duration::milliseconds(100);
constexpr Duration ask_refused_again = Duration::minutes(10);
constexpr Duration repeat_line_after = Duration::seconds(60);

net::Url url_of(const std::string& text, const char* key, const ExchangeSettings& settings) {
  Result<net::Url> url = net::parse_url(text);
  if (!url) throw std::runtime_error(fmt::format("[exchange.{}] {}: {}", settings.name, key, url.error().message));
  return *url;
}

}  // namespace

ExchangeLink::ExchangeLink(LinkParts parts, const ExchangeEntry& entry, const ExchangeSettings& settings,
                           const HistorySettings& history, const std::vector<const Market*>& markets,
                           const std::vector<MarketCursor>& cursors, const std::vector<std::size_t>& book_depths)
    : parts_(parts),
      descriptor_(*entry.descriptor),
      statistics_(parts.statistics.of(settings.name)),
      settings_(settings),
      history_(history),
      url_(url_of(settings.websocket_url, "websocket_url", settings)),
      clock_(settings.clock_rate),
      evidence_(parts.log, statistics_),
      life_wanted_(parts.loop),
      backoff_(descriptor_.connects_per_minute),
      system_(settings.name, backoff_, parts.log) {
  const net::Url rest_url = url_of(settings.rest_url, "rest_url", settings);
  if (url_.secure || rest_url.secure) {
    const Result<void> readable = parts.loop.world().check_authorities(settings.ca_file);
    if (!readable) throw std::runtime_error(fmt::format("[exchange.{}] {}", settings.name, readable.error().message));
  }
  std::vector<std::string> symbols;
  for (const Market* market : markets) symbols.push_back(market->symbol);
  exchange_ = entry.make(std::move(symbols));
  const net::RestClient::Parts rest_parts{parts.loop, parts.random_source, parts.log, statistics_.rest_requests,
                                          statistics_.rest_failures};
  client_ = std::make_unique<net::RestClient>(rest_parts, rest_url, settings.ca_file,
                                              parts.limiters.of(rest_url.host, settings.rest_interval));
  rest_ = std::make_unique<ExchangeRest>(*client_, descriptor_, *exchange_, clock_, evidence_);
  keeper_ = std::make_unique<ClockKeeper>(parts.loop, *rest_, clock_);
  life_keeper_ = std::make_unique<LifeKeeper>(parts.loop, *rest_, clock_, life_wanted_, markets_);
  for (std::size_t i = 0; i < markets.size(); ++i) {
    MarketStatistics& statistics = parts.statistics.of(markets[i]->id);
    const MarketParts market_parts{parts.loop, *rest_,    clock_,   parts.outlet,
                                   parts.log,  settings_, history_, life_wanted_};
    const bool book = book_depths[i] > 0 && descriptor_.books != BookKind::none;
    markets_.push_back({std::make_unique<MarketFlow>(market_parts, *markets[i], cursors[i], statistics),
                        book ? std::make_unique<MarketBook>(*markets[i], book_depths[i], exchange_->book_check(),
                                                            parts.outlet, parts.log, statistics)
                             : nullptr});
  }
  context_ = std::make_unique<LinkContext>(LinkContext{parts.loop, parts.outlet, parts.log, statistics_, descriptor_,
                                                       settings_, url_.host, *exchange_, evidence_, *keeper_, system_,
                                                       markets_});
}

void ExchangeLink::start() {
  parts_.loop.spawn(keeper_->keep());
  parts_.loop.spawn(learn_names());
  parts_.loop.spawn(stay_connected());
  parts_.loop.spawn(tend());
  parts_.loop.spawn(life_keeper_->keep());
  for (LinkMarket& market : markets_) {
    parts_.loop.spawn(market.flow->keep_complete());
    parts_.loop.spawn(market.flow->fill_recorded_sequence_gaps());
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
  for (LinkMarket& market : markets_) {
    const std::string& symbol = market.symbol();
    const auto name = std::ranges::find(names, symbol, &RestName::symbol);
    if (name != names.end()) {
      market.flow->set_rest_name(name->name);
      if (market.book) market.book->set_precision(name->precision);
      continue;
    }
    const std::string other = exchange_->spelled_here(symbol);
    const std::string hint = other.empty() ? "" : "; it is called " + other + " there";
    market.flow->refuse(fmt::format("{} is not in the exchange's list of markets{}", symbol, hint),
                        "this market is off, others live on");
  }
}

net::Task<void> ExchangeLink::wait_before_dialling() {
  if (all_refused(markets_)) {
    parts_.log.error(
        "no market of this exchange can be subscribed",
        {{"exchange", settings_.name}, {"host", url_.host}, {"next", "asking again in " + to_text(ask_refused_again)}});
    co_await parts_.loop.sleep(ask_refused_again);
    for (LinkMarket& market : markets_) market.flow->allow();
    names_wanted_ = true;
  }
  co_await parts_.loop.sleep(backoff_.delay(parts_.loop.now(), parts_.random_source));
}

void ExchangeLink::connect_failed(const net::ConnectFailure& failure) {
  const Duration now = parts_.loop.now();
  std::string next = "trying again";
  backoff_.lost();
  // The edge refuses the upgrade when there were too many attempts, or when it has banned the address.
  if (failure.http_status &&
      (*failure.http_status == 429 || *failure.http_status == 403 || *failure.http_status == 418)) {
    const Duration pause = failure.retry_after.value_or(net::Backoff::ban_default);
    backoff_.ban(now + pause);
    next = fmt::format("no attempt for {} s", pause.ns / 1'000'000'000);
  }
  statistics_.reconnects.add();
  // An outage is one line, and another each minute that it lasts.
  if (failure.message == failure_told_ && now - failure_told_at_ < repeat_line_after) return;
  failure_told_ = failure.message;
  failure_told_at_ = now;
  parts_.log.warning("connection failed",
                     {{"exchange", settings_.name}, {"host", url_.host}, {"error", failure.message}, {"next", next}});
}

net::Task<void> ExchangeLink::stay_connected() {
  while (!parts_.loop.stopping()) {
    co_await wait_before_dialling();
    if (parts_.loop.stopping()) co_return;
    backoff_.attempt(parts_.loop.now());
    auto opened = co_await net::open_websocket(parts_.loop, url_, settings_.ca_file, descriptor_.frame_bytes_max);
    if (parts_.loop.stopping()) co_return;
    if (!opened) {
      connect_failed(opened.error());
      continue;
    }
    co_await serve(
        std::make_shared<Connection>(parts_.loop, std::move(*opened), descriptor_.messages, parts_.loop.now()));
  }
}

net::Task<void> ExchangeLink::serve(std::shared_ptr<Connection> connection) {
  conversation_ = std::make_unique<Conversation>(*context_, connection);
  statistics_.connects.add();
  statistics_.connected.add();
  failure_told_.clear();
  parts_.log.info("connected", {{"exchange", settings_.name}, {"host", url_.host}});
  keeper_->connected();
  const net::Loop::OnStop goodbye(parts_.loop, [this, connection] { parts_.loop.spawn(say_goodbye(connection)); });
  conversation_->ask_if_due(parts_.loop.now());
  std::string why;
  bool delivered = false;
  while (!parts_.loop.stopping()) {
    const Duration asked = parts_.loop.now();
    Result<std::string_view> text = co_await connection->read();
    if (parts_.loop.stopping()) break;
    if (!text) {
      why = text.error().message;
      break;
    }
    conversation_->hear(*text, asked, parts_.loop.now());
    conversation_->ask_if_due(parts_.loop.now());
    connection->handled(parts_.loop.now());
    if (delivered || !(conversation_->delivered() || connection->carried() >= net::Backoff::healthy_after)) continue;
    delivered = true;
    backoff_.delivered();
  }
  conversation_->end();
  keeper_->disconnected();
  statistics_.connected.add(-1);
  for (LinkMarket& market : markets_) {
    market.flow->disconnected();
    if (market.book) market.book->disconnected();
  }
  if (parts_.loop.stopping()) co_return;
  connection->abort();
  backoff_.lost();
  statistics_.reconnects.add();
  parts_.log.warning("connection lost",
                     {{"exchange", settings_.name}, {"host", url_.host}, {"error", why}, {"next", "connecting again"}});
}

net::Task<void> ExchangeLink::say_goodbye(std::shared_ptr<Connection> connection) { co_await connection->close(); }

net::Task<void> ExchangeLink::tend() {
  Duration last_look = parts_.loop.now();
  while (!parts_.loop.stopping()) {
    co_await parts_.loop.sleep(look_every);
    const Duration now = parts_.loop.now();
    if (conversation_) conversation_->release_suspects(now);
    for (LinkMarket& market : markets_) market.flow->tend(now);
    if (conversation_ && !conversation_->ended()) conversation_->tend(now, now - last_look);
    last_look = now;
  }
}

}  // namespace candled::ingest
