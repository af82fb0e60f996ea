#include "ingest/exchange_rest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/id_locator.hpp"

namespace candled::ingest {

namespace {

// Rows stamped beyond the limit are broken, unless all that follow are, too: then the limit is.
void drop_absurd(TradesPage& page, Timestamp limit, Timestamp possible) {
  std::vector<Trade>& rows = page.trades;
  const auto beyond = [limit](const Trade& trade) { return trade.time > limit; };
  auto tail = rows.end();
  while (tail != rows.begin() && beyond(*(tail - 1))) --tail;
  if (rows.end() - tail < 2 || rows.back().time > possible) tail = rows.end();
  const auto kept = std::remove_if(rows.begin(), tail, beyond);
  if (kept == tail) return;
  page.problem = "trade stamped beyond the exchange's clock";
  page.bad_rows += static_cast<std::size_t>(tail - kept);
  rows.erase(kept, tail);
}

// What the status alone says.
RestResult<void> judge_status(const net::RestAnswer& answer) {
  if (answer.status == 200) return {};
  RestError error;
  error.message = fmt::format("HTTP status {}", answer.status);
  error.pause = answer.retry_after;
  if (answer.status == 429) error.kind = RestError::Kind::rate_limited;
  if (answer.status == 418 || answer.status == 403 || answer.status == 451) error.kind = RestError::Kind::banned;
  if (answer.status == 400 || answer.status == 404) error.kind = RestError::Kind::permanent;
  return std::unexpected(std::move(error));
}

}  // namespace

net::Task<RestResult<void>> ExchangeRest::call(std::string target, std::string what, Take take) {
  RestResult<void> judged;
  net::RestJudge judge = [this, &judged, &take](const net::RestAnswer& answer) -> net::RestResult<void> {
    judged = judge_status(answer);
    if (judged) judged = take(answer);
    if (!judged) return std::unexpected(paced(judged.error(), answer.received));
    return {};
  };
  net::RestRequest request{std::move(target), std::move(what)};
  net::RestResult<void> done = co_await client_.call(std::move(request), std::move(judge));
  if (!done && judged)
    judged = std::unexpected(RestError{done.error().kind, done.error().message, done.error().pause, {}});
  co_return judged;
}

// The pause that an error asks for, in time of this machine.
net::RestError ExchangeRest::paced(const RestError& error, Duration now) const {
  net::RestError paced{error.kind, error.message, error.pause};
  if (!error.until || !clock_.passed(now)) return paced;
  const Duration left = *error.until - *clock_.passed(now);
  paced.pause = Duration{static_cast<std::int64_t>(static_cast<double>(left.ns) / clock_.rate())};
  if (*paced.pause > Duration::minutes(10)) paced.pause.reset();  // a time of another clock
  return paced;
}

net::Task<RestResult<void>> ExchangeRest::ask_time() {
  Take take = [this](const net::RestAnswer& answer) -> RestResult<void> {
    const RestResult<Timestamp> time = exchange_.parse_time(answer.body);
    if (!time) return std::unexpected(time.error());
    clock_.answered(*time, answer.sent, answer.received);
    return {};
  };
  return call(exchange_.time_target(), "server time", std::move(take));
}

net::Task<RestResult<std::vector<RestName>>> ExchangeRest::ask_names() {
  std::vector<RestName> names;
  Take take = [this, &names](const net::RestAnswer& answer) -> RestResult<void> {
    RestResult<std::vector<RestName>> parsed = exchange_.parse_names(answer.body);
    if (!parsed) return std::unexpected(parsed.error());
    names = std::move(*parsed);
    return {};
  };
  RestResult<void> done = co_await call(exchange_.names_target(), "list of markets", std::move(take));
  if (!done) co_return std::unexpected(done.error());
  co_return names;
}

net::Task<RestResult<void>> ExchangeRest::ask_trades(const std::string& rest_name, PageCursor cursor,
                                                     TradesPage& page) {
  Take take = [this, &page](const net::RestAnswer& answer) -> RestResult<void> {
    RestResult<void> parsed = exchange_.parse_trades(answer.body, page);
    if (!parsed) return parsed;
    const Timestamp possible = clock_.possible_until(answer.received, answer.received_at);
    drop_absurd(page, std::min(possible, clock_.believable_until(answer.received)), possible);
    if (page.bad_rows > 0) evidence_.bad(host(), page.problem, answer.body, page.bad_rows, answer.received);
    if (!page.trades.empty()) clock_.saw(page.trades.back().time, answer.received);
    const Timestamp received = clock_.passed(answer.received).value_or(Timestamp{});
    for (Trade& trade : page.trades) trade.received = received;
    return {};
  };
  std::string target = exchange_.trades_target(rest_name, cursor);
  std::string what = "trades of " + rest_name;
  return call(std::move(target), std::move(what), std::move(take));
}

net::Task<RestResult<void>> ExchangeRest::ask_candles(const std::string& rest_name, Duration interval,
                                                      CandlesPage& page) {
  Take take = [this, &page](const net::RestAnswer& answer) -> RestResult<void> {
    RestResult<void> parsed = exchange_.parse_candles(answer.body, page);
    if (parsed && page.bad_rows > 0)
      evidence_.bad(host(), "candle that cannot be right", answer.body, page.bad_rows, answer.received);
    return parsed;
  };
  std::string target = exchange_.candles_target(rest_name, interval);
  std::string what = "candles of " + rest_name;
  return call(std::move(target), std::move(what), std::move(take));
}

net::Task<RestResult<std::optional<Timestamp>>> ExchangeRest::locate(const std::string& rest_name, std::int64_t id,
                                                                     Timestamp guess) {
  IdLocator locator(id, guess);
  TradesPage page;
  for (;;) {
    RestResult<void> got = co_await ask_trades(rest_name, PageCursor{locator.probe(), {}}, page);
    if (!got) co_return std::unexpected(got.error());
    const IdLocator::Verdict verdict = locator.accept(page);
    if (verdict == IdLocator::Verdict::found) co_return std::optional<Timestamp>(locator.probe());
    if (verdict == IdLocator::Verdict::nowhere) co_return std::optional<Timestamp>{};
  }
}

}  // namespace candled::ingest
