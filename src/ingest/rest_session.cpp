#include "ingest/rest_session.hpp"

#include <algorithm>

namespace candled::ingest {
namespace {

constexpr Duration look_every = Duration::milliseconds(100);
constexpr Duration stop_grace = Duration::milliseconds(1000);
constexpr int first_tries_max = 4;  // an exchange that never answered is more likely a wrong address than an outage

}  // namespace

Result<std::unique_ptr<RestSession>> RestSession::open(const Parts& parts) {
  const ExchangeEntry* const entry = parts.exchanges.find_feed(parts.market.exchange);
  if (entry == nullptr) {
    return refuse("market " + parts.market.name() + ": unknown exchange (known: " + parts.exchanges.feed_names() + ")");
  }
  const Result<net::Url> url = net::parse_url(parts.settings.rest_url);
  if (!url) return std::unexpected(url.error());
  if (url->secure) {
    const Result<void> readable = parts.world.check_authorities(parts.settings.ca_file);
    if (!readable) return std::unexpected(readable.error());
  }
  return std::unique_ptr<RestSession>(new RestSession(parts, *entry, *url));
}

RestSession::RestSession(const Parts& parts, const ExchangeEntry& entry, const net::Url& url)
    : market_(parts.market),
      random_source_(parts.world.random()),
      clock_(parts.settings.clock_rate),
      exchange_(entry.make({parts.market.symbol})),
      statistics_(parts.statistics.of(parts.market.exchange)),
      evidence_(parts.log, statistics_),
      loop_(parts.world),
      client_({loop_, random_source_, parts.log, statistics_.rest_requests, statistics_.rest_failures}, url,
              parts.settings.ca_file, parts.limiters.of(url.host, parts.settings.rest_interval)),
      rest_(client_, *entry.descriptor, *exchange_, clock_, evidence_) {}

RestSession::~RestSession() = default;

void RestSession::run(net::Task<void> work, const std::function<bool()>& stopped) {
  loop_.spawn(finish(std::move(work)));
  loop_.spawn(look(stopped));
  loop_.run(stop_grace);
}

net::Task<void> RestSession::finish(net::Task<void> work) {
  co_await std::move(work);
  finished_ = true;
  loop_.request_stop();
}

net::Task<void> RestSession::look(const std::function<bool()>& stopped) {
  while (!loop_.stopping() && !finished_) {
    if (stopped()) loop_.request_stop();
    co_await loop_.sleep(look_every);
  }
}

// True when to go on. A failure that no waiting cures becomes the error.
bool RestSession::go_on(const RestError& error) {
  const bool permanent = error.kind == RestError::Kind::permanent;
  const bool hopeless = rest_name_.empty() && ++first_failures_ >= first_tries_max;
  if (permanent || hopeless) {
    error_ = Error{permanent ? Remedy::refuse : Remedy::retry, rest_.host() + ": " + error.message};
    return false;
  }
  return !loop_.stopping();
}

// The client paces the next try. Each wait has its own statement: g++ 12 makes wrong code for one inside a condition.
template <class Call>
net::Task<bool> RestSession::until_answered(Call call) {
  while (!loop_.stopping()) {
    RestResult<void> got = co_await call();
    if (got) co_return true;
    if (!go_on(got.error())) co_return false;
  }
  co_return false;
}

net::Task<bool> RestSession::prepare() {
  bool answered = co_await until_answered([this] { return rest_.ask_time(); });
  if (!answered) co_return false;
  std::vector<RestName> names;
  while (names.empty()) {
    RestResult<std::vector<RestName>> got = co_await rest_.ask_names();
    if (got) names = std::move(*got);
    if (!got && !go_on(got.error())) co_return false;
  }
  const auto name = std::ranges::find(names, market_.symbol, &RestName::symbol);
  if (name == names.end()) {
    const std::string other = exchange_->spelled_here(market_.symbol);
    error_ = Error{Remedy::refuse, rest_.host() + " does not know the market " + market_.symbol +
                                       (other.empty() ? "" : "; it is called " + other + " there")};
    co_return false;
  }
  rest_name_ = name->name;
  co_return true;
}

net::Task<bool> RestSession::trades(PageRequest request, TradesPage& page) {
  bool answered =
      co_await until_answered([this, request, &page] { return rest_.ask_trades(rest_name_, request, page); });
  co_return answered;
}

net::Task<bool> RestSession::candles(Duration interval, CandlesPage& page) {
  bool answered =
      co_await until_answered([this, interval, &page] { return rest_.ask_candles(rest_name_, interval, page); });
  co_return answered;
}

net::Task<std::optional<PageStart>> RestSession::place(PageStart start) {
  while (!loop_.stopping()) {
    RestResult<PageStart> placed = co_await rest_.place(rest_name_, start);
    if (placed) co_return *placed;
    if (!go_on(placed.error())) co_return std::nullopt;
  }
  co_return std::nullopt;
}

Timestamp RestSession::now() const { return clock_.passed(loop_.now()).value_or(Timestamp{}); }

}  // namespace candled::ingest
