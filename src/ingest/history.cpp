#include "candled/ingest/history.hpp"

#include <algorithm>
#include <random>

#include "candled/flow/clock.hpp"
#include "ingest/exchange_rest.hpp"
#include "ingest/loop.hpp"
#include "ingest/outlet.hpp"
#include "ingest/tls.hpp"
#include "ingest/trades_pager.hpp"

namespace candled::ingest {
namespace {

constexpr Duration step_back = Duration::seconds(1);
constexpr Duration look_every = Duration::milliseconds(100);
constexpr Duration stop_grace = Duration::milliseconds(1000);
constexpr int first_tries_max = 4;  // an exchange that never answered is more likely a wrong address than an outage

// One fetch, driven by one coroutine on the calling thread.
class Fetch {
 public:
  Fetch(const ExchangeSettings& settings, const Url& url, TlsContext tls, const Market& market, const HistoryRequest& request,
        flow::Sender& out, flow::Log& log, FeedStatistics& statistics)
      : market_(market),
        request_(request),
        outlet_(out),
        dice_(std::random_device{}()),
        clock_(settings.clock_rate),
        exchange_(make_exchange(settings.name, {market.symbol})),
        evidence_(log, statistics),
        loop_(std::make_unique<Loop>()),
        client_(std::make_unique<RestClient>(RestClient::Parts{*loop_, clock_, dice_, log, statistics}, url, std::move(tls),
                                             settings.rest_interval)),
        rest_(*client_, *exchange_, clock_, evidence_),
        log_(log) {}

  // progress is called between pages; stopped is asked several times a second.
  Result<HistoryReport> run(const std::function<void(const HistoryProgress&)>& progress, const std::function<bool()>& stopped) {
    progress_ = &progress;
    started_ = flow::monotonic_now();
    loop_->spawn(fetch_all());
    loop_->spawn(look(stopped));
    if (!loop_->run(stop_grace)) {
      // A name server that does not answer holds a coroutine, which still refers to these.
      (void)client_.release();
      (void)loop_.release();
    }
    if (error_) return std::unexpected(*error_);
    return report_;
  }

 private:
  asio::awaitable<void> look(const std::function<bool()>& stopped) {
    while (!loop_->stopping() && !finished_) {
      if (stopped()) {
        loop_->request_stop();
      }
      co_await loop_->sleep(look_every);
    }
  }

  asio::awaitable<void> fetch_all() {
    // Each step has its own statement: g++ 12 makes wrong code for a wait inside a condition.
    bool going = co_await prepare();
    if (going) going = co_await fetch_range();
    if (going) going = co_await fill_holes();
    report_.complete = going;
    finished_ = true;
    loop_->request_stop();
  }

  // True when to go on. A failure that no waiting cures becomes the error.
  bool go_on(const RestError& error) {
    const bool permanent = error.kind == RestError::Kind::permanent;
    const bool hopeless = rest_name_.empty() && ++first_failures_ >= first_tries_max;
    if (permanent || hopeless) {
      error_ = Error{permanent ? Remedy::refuse : Remedy::retry, rest_.host() + ": " + error.message};
      return false;
    }
    return !loop_->stopping();
  }

  asio::awaitable<bool> prepare() {
    for (;;) {
      RestResult<void> time = co_await rest_.ask_time();
      if (time) break;
      if (!go_on(time.error())) co_return false;
    }
    for (;;) {
      RestResult<std::vector<RestName>> names = co_await rest_.ask_names();
      if (!names) {
        if (!go_on(names.error())) co_return false;
        continue;
      }
      const auto name = std::ranges::find(*names, market_.symbol, &RestName::symbol);
      if (name == names->end()) {
        const std::string other = exchange_->spelled_here(market_.symbol);
        error_ = Error{Remedy::refuse, rest_.host() + " does not know the market " + market_.symbol +
                                           (other.empty() ? "" : "; it is called " + other + " there")};
        co_return false;
      }
      rest_name_ = name->name;
      break;
    }
    const Timestamp now = *clock_.passed(flow::monotonic_now());
    report_.from = request_.back ? floor_to(now - *request_.back, market_.interval) : request_.from;
    report_.reached = report_.from;
    co_return true;
  }

  // The stored range that the walk would enter next: it holds the next id, or, before the first trade, the start.
  const StoredRange* range_ahead() const {
    for (const StoredRange& range : request_.stored) {
      const bool next = last_id_ ? range.first_id <= *last_id_ + 1 && range.last_id > *last_id_
                                 : range.first_time <= report_.from && range.last_time >= report_.from;
      if (next) return &range;
    }
    return nullptr;
  }

  bool stored(std::int64_t id) const {
    return std::ranges::any_of(request_.stored, [id](const StoredRange& r) { return r.first_id <= id && id <= r.last_id; });
  }

  PageStart walk_start() {
    while (const StoredRange* range = range_ahead()) {
      last_id_ = range->last_id;
      report_.reached = std::max(report_.reached, range->last_time);
      walked_to_ = range->last_time;
    }
    if (!last_id_) return {report_.from, {}, false};
    return {walked_to_ - step_back, last_id_, false};
  }

  asio::awaitable<bool> fetch_range() {
    TradesPager pager(walk_start());
    while (!loop_->stopping()) {
      PageCursor cursor = pager.next();
      RestResult<void> got = co_await rest_.ask_trades(rest_name_, cursor, page_);
      if (!got) {
        if (!go_on(got.error())) co_return false;
        continue;
      }
      ++report_.pages;
      const TradesPager::Step step = pager.accept(page_);
      outlet_.begin();
      const bool at_end = push_page(step);
      outlet_.flush();
      tell();
      if (at_end || step.caught_up) co_return true;
      if (range_ahead() != nullptr) pager = TradesPager(walk_start());
    }
    co_return false;
  }

  // True when the walk has reached the end that was asked for.
  bool push_page(const TradesPager::Step& step) {
    if (step.trades.empty()) return false;
    push_origin();
    if (step.missing) push_hole(*step.missing);
    for (const Trade& trade : step.trades) {
      if (request_.to && trade.time >= *request_.to) return true;
      last_id_ = trade.id;
      walked_to_ = trade.time;
      report_.reached = std::max(report_.reached, trade.time);
      if (stored(trade.id)) continue;
      outlet_.push(Event::of(market_.id, trade));
      ++report_.trades;
    }
    return false;
  }

  // What follows is complete from here on. Only where nothing is stored: else the start of the record lies elsewhere.
  void push_origin() {
    if (origin_pushed_ || !request_.stored.empty()) return;
    origin_pushed_ = true;
    const Timestamp received = clock_.passed(flow::monotonic_now()).value_or(report_.from);
    outlet_.push(Event::of(market_.id, Tick{report_.from, received}));
  }

  // Ids that the exchange does not have, and that no stored trade has either.
  void push_hole(const IdRange& missing) {
    const Timestamp detected = clock_.passed(flow::monotonic_now()).value_or(walked_to_);
    outlet_.push(Event::hole(market_.id, Hole{missing.first, missing.last, detected, {}}));
    ++report_.holes;
    log_.warning("hole recorded", {{"market", market_.name()},
                                   {"first_missing_id", std::to_string(missing.first)},
                                   {"last_missing_id", std::to_string(missing.last)}});
  }

  asio::awaitable<bool> fill_holes() {
    for (const Hole& hole : request_.open_holes) {
      const bool filled = co_await fill(hole);
      if (loop_->stopping()) co_return false;
      if (filled) {
        outlet_.push(Event::hole_filled(market_.id, hole));
        outlet_.flush();
        ++report_.holes_filled;
      }
      log_.info(filled ? "hole filled" : "hole could not be filled",
                {{"market", market_.name()},
                 {"first_missing_id", std::to_string(hole.first_missing_id)},
                 {"last_missing_id", std::to_string(hole.last_missing_id)}});
    }
    co_return true;
  }

  asio::awaitable<bool> fill(const Hole& hole) {
    const Timestamp guess = hole.proven_until.ns > 0 ? hole.proven_until - step_back : hole.detected;
    RestResult<std::optional<Timestamp>> place = co_await rest_.locate(rest_name_, hole.first_missing_id, guess);
    if (!place || !*place) co_return false;
    TradesPager pager(PageStart{**place - step_back, hole.first_missing_id - 1, false});
    while (!loop_->stopping()) {
      PageCursor cursor = pager.next();
      RestResult<void> got = co_await rest_.ask_trades(rest_name_, cursor, page_);
      if (!got) {
        if (!go_on(got.error())) co_return false;
        continue;
      }
      ++report_.pages;
      const TradesPager::Step step = pager.accept(page_);
      if (step.caught_up || (step.missing && step.missing->first <= hole.last_missing_id)) co_return false;
      outlet_.begin();
      for (const Trade& trade : step.trades) {
        if (trade.id > hole.last_missing_id) break;
        outlet_.push(Event::of(market_.id, trade));
        ++report_.trades;
      }
      outlet_.flush();
      tell();
      if (!step.trades.empty() && step.trades.back().id >= hole.last_missing_id) co_return true;
    }
    co_return false;
  }

  void tell() {
    const Duration now = flow::monotonic_now();
    const double seconds = static_cast<double>((now - started_).ns) / 1e9;
    const Timestamp end = request_.to.value_or(*clock_.passed(now));
    const double whole = static_cast<double>((end - report_.from).ns);
    const double done = static_cast<double>((report_.reached - report_.from).ns);
    HistoryProgress progress{report_.trades, report_.reached, 0, 0, {}};
    progress.part_done = whole > 0 ? std::clamp(done / whole, 0.0, 1.0) : 1.0;
    if (seconds > 0) progress.trades_per_second = static_cast<double>(report_.trades) / seconds;
    if (progress.part_done > 0) {
      progress.left = Duration{static_cast<std::int64_t>(seconds * 1e9 * (1 - progress.part_done) / progress.part_done)};
    }
    if (*progress_) (*progress_)(progress);
  }

  const Market& market_;
  const HistoryRequest& request_;
  Outlet outlet_;
  Dice dice_;
  ExchangeClock clock_;
  std::unique_ptr<Exchange> exchange_;
  Evidence evidence_;
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<RestClient> client_;
  ExchangeRest rest_;
  flow::Log& log_;

  std::string rest_name_;
  TradesPage page_;
  std::optional<std::int64_t> last_id_;  // last trade walked over, fetched or stored
  Timestamp walked_to_;                  // and its time
  bool origin_pushed_ = false;
  bool finished_ = false;
  int first_failures_ = 0;
  Duration started_;
  const std::function<void(const HistoryProgress&)>* progress_ = nullptr;
  std::optional<Error> error_;
  HistoryReport report_;
};

}  // namespace

Result<HistoryReport> fetch_history(const FeedSettings& settings, const Market& market, const HistoryRequest& request,
                                    flow::Sender& out, flow::Log& log, FeedStatistics& statistics,
                                    const std::function<void(const HistoryProgress&)>& progress,
                                    const std::function<bool()>& stopped) {
  const auto exchange = std::ranges::find(settings.exchanges, market.exchange, &ExchangeSettings::name);
  if (exchange == settings.exchanges.end() || !make_exchange(market.exchange, {})) {
    return refuse("market " + market.name() + ": unknown exchange (known: " + exchange_names() + ")");
  }
  const Result<Url> url = parse_url(exchange->rest_url);
  if (!url) return std::unexpected(url.error());
  TlsContext tls;
  if (url->secure) {
    Result<TlsContext> made = make_tls_context(exchange->ca_file);
    if (!made) return std::unexpected(made.error());
    tls = std::move(*made);
  }
  auto fetch = std::make_unique<Fetch>(*exchange, *url, std::move(tls), market, request, out, log, statistics);
  return fetch->run(progress, stopped);
}

}  // namespace candled::ingest
