#include "ingest/exchange_rest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/time_locator.hpp"

namespace candled::ingest {

namespace {

// Rows stamped beyond the limit are not believed; the first of them is named.
void drop_absurd(TradesPage& page, Timestamp limit) {
  std::vector<Trade>& rows = page.trades;
  const auto beyond = [limit](const Trade& trade) { return trade.time > limit; };
  const auto first = std::ranges::find_if(rows, beyond);
  if (first == rows.end()) return;
  page.problem = fmt::format("trade {} stamped {}, ahead of the exchange's clock", first->id, to_iso8601(first->time));
  page.bad_rows += std::erase_if(rows, beyond);
}

}  // namespace

net::Task<RestResult<void>> ExchangeRest::call(net::RestRequest request, std::string what, Take take) {
  RestResult<void> judged;
  net::RestJudge judge = [this, &judged, &take](const net::RestAnswer& answer) -> net::RestResult<void> {
    judged = exchange_.judge(answer);
    if (judged) judged = take(answer);
    if (!judged) return std::unexpected(paced(judged.error(), answer.received));
    return {};
  };
  request.what = std::move(what);
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
    const RestResult<ServerTime> server = exchange_.read_time(answer.body);
    if (!server) return std::unexpected(server.error());
    clock_.answered(server->time, answer.sent, answer.received, server->granularity);
    return {};
  };
  return call(exchange_.time_request(), "server time", std::move(take));
}

net::Task<RestResult<std::vector<RestName>>> ExchangeRest::ask_names() {
  std::vector<RestName> names;
  Take take = [this, &names](const net::RestAnswer& answer) -> RestResult<void> {
    RestResult<std::vector<RestName>> parsed = exchange_.read_names(answer.body);
    if (!parsed) return std::unexpected(parsed.error());
    names = std::move(*parsed);
    return {};
  };
  RestResult<void> done = co_await call(exchange_.names_request(), "list of markets", std::move(take));
  if (!done) co_return std::unexpected(done.error());
  co_return names;
}

net::Task<RestResult<void>> ExchangeRest::ask_trades(const std::string& rest_name, PageRequest request,
                                                     TradesPage& page, Urgency urgency) {
  Take take = [this, &page](const net::RestAnswer& answer) -> RestResult<void> {
    RestResult<void> parsed = exchange_.read_trades(answer.body, page);
    if (!parsed) return parsed;
    drop_absurd(page, clock_.stamp_limit(answer.received, answer.received_at));
    if (page.bad_rows > 0) evidence_.bad(host(), page.problem, answer.body, page.bad_rows, answer.received);
    if (!page.trades.empty()) clock_.saw(page.trades.back().time, answer.received);
    const Timestamp received = clock_.passed(answer.received).value_or(Timestamp{});
    for (Trade& trade : page.trades) trade.received = received;
    return {};
  };
  net::RestRequest asked = exchange_.trades_request(rest_name, request);
  asked.urgency = urgency;
  return call(std::move(asked), "trades of " + rest_name, std::move(take));
}

net::Task<RestResult<void>> ExchangeRest::ask_candles(const std::string& rest_name, Duration interval,
                                                      CandlesPage& page) {
  Take take = [this, &page](const net::RestAnswer& answer) -> RestResult<void> {
    RestResult<void> parsed = exchange_.read_candles(answer.body, page);
    if (parsed && page.bad_rows > 0)
      evidence_.bad(host(), "candle that cannot be right", answer.body, page.bad_rows, answer.received);
    return parsed;
  };
  return call(exchange_.candles_request(rest_name, interval), "candles of " + rest_name, std::move(take));
}

net::Task<RestResult<PageStart>> ExchangeRest::place(const std::string& rest_name, PageStart start) {
  const bool placed = descriptor_.paging == Paging::by_time || (start.last_id && !start.jump_allowed);
  TimeLocator locator(start.from, descriptor_.page_rows_max);
  TradesPage page;
  while (!placed && !start.first_id) {
    RestResult<void> got = co_await ask_trades(rest_name, locator.next(), page);
    if (!got) co_return std::unexpected(got.error());
    const TimeLocator::Verdict verdict = locator.accept(page);
    if (verdict != TimeLocator::Verdict::ask_again)
      start.first_id = verdict == TimeLocator::Verdict::found ? locator.id() : 1;
  }
  co_return start;
}

}  // namespace candled::ingest
