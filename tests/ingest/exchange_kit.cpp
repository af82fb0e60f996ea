#include "exchange_kit.hpp"

#include <algorithm>
#include <atomic>

#include "candled/net/url.hpp"
#include "feed_scene.hpp"
#include "ingest/id_locator.hpp"
#include "ingest/pager.hpp"
#include "ingest/time_locator.hpp"

namespace candled::ingest {
namespace {

std::string shown(const Frame& frame) {
  std::string text;
  for (const StreamTrade& row : frame.trades) {
    text +=
        fmt::format("{}#{} {} {} x {} @ {}; ", row.market, row.trade.id, row.trade.side == Side::buy ? "buy" : "sell",
                    row.trade.price.to_text(), row.trade.quantity.to_text(), to_iso8601(row.trade.time));
  }
  for (const SubscriptionReply& reply : frame.replies) {
    text += reply.accepted ? fmt::format("accepted '{}'; ", reply.symbol)
                           : fmt::format("refused '{}' '{}'; ", reply.symbol, reply.text);
  }
  for (const LastTrade& last : frame.last_trades) text += fmt::format("last {}#{}; ", last.market, last.id);
  if (frame.snapshot) text += "snapshot; ";
  if (frame.bad > 0) text += fmt::format("{} bad; ", frame.bad);
  return text;
}

std::unique_ptr<Exchange> made(const ExchangeSample& sample) { return sample.entry.make(sample.symbols); }

Frame heard(Exchange& exchange, std::string_view text) {
  Frame frame;
  exchange.read(PaddedCopy(text).text(), frame);
  return frame;
}

void check_description(const ExchangeSample& sample) {
  const ExchangeDescriptor& d = *sample.entry.descriptor;
  INFO("description of " << d.name);
  CHECK(parse_market_name(std::string(d.name) + ":BTC/USD"));
  const Result<net::Url> stream = net::parse_url(d.websocket_url), rest = net::parse_url(d.rest_url);
  REQUIRE(stream);
  REQUIRE(rest);
  CHECK(d.websocket_url.starts_with("wss://"));
  CHECK(d.rest_url.starts_with("https://"));
  CHECK(d.rest_interval > Duration{});
  CHECK(d.watchdog >= Duration::seconds(1));
  CHECK(d.subscribe_timeout > d.greeting_wait);
  CHECK(d.messages.count > 0);
  CHECK(d.messages.per > Duration{});
  CHECK(d.connects_per_minute > 3);  // the first retries are immediate
  CHECK(d.markets_per_connection > 0);
  CHECK(d.frame_bytes_max >= (1u << 20));
  CHECK((d.lifetime.ns == 0 || d.lifetime > Duration::minutes(1)));
  CHECK(d.page_rows_max > 1);
  CHECK((d.books == BookKind::none) == d.book_depths.empty());
  CHECK(std::ranges::is_sorted(d.book_depths));
  CHECK((d.pings == Pings::by_client) == !made(sample)->ping().empty());
  CHECK((d.greeting_wait.ns > 0) == !sample.greeting.empty());
  const ExchangeSettings settings = default_settings(d);
  CHECK(settings.name == d.name);
  CHECK(settings.websocket_url == d.websocket_url);
}

void check_subscriptions(const ExchangeSample& sample) {
  const auto exchange = made(sample);
  std::vector<std::string> asked, accepted;
  for (const StreamRequest& request : exchange->subscribe(sample.symbols)) {
    CHECK_FALSE(request.text.empty());
    asked.insert(asked.end(), request.symbols.begin(), request.symbols.end());
    for (const std::string& answer : sample.answers(request.text)) {
      INFO(answer);
      for (const SubscriptionReply& reply : heard(*exchange, answer).replies) {
        CHECK(reply.accepted);
        if (!reply.symbol.empty()) {
          accepted.push_back(reply.symbol);
        } else if (!reply.number || reply.number == request.number) {
          accepted.insert(accepted.end(), request.symbols.begin(), request.symbols.end());
        }
      }
    }
  }
  std::ranges::sort(asked);
  std::ranges::sort(accepted);
  std::vector<std::string> all = sample.symbols;
  std::ranges::sort(all);
  CHECK(asked == all);  // each once
  CHECK(accepted == all);
  CHECK(exchange->subscribe({sample.symbols[0]}).size() == 1);
}

void check_frames(const ExchangeSample& sample) {
  const auto exchange = made(sample);
  for (const FrameCase& one : sample.frames) {
    INFO(one.frame);
    CHECK(shown(heard(*exchange, one.frame)) == one.says);
  }
  std::vector<Trade> trades = trades_between(101, 103);
  const Frame frame = heard(*exchange, sample.trades_frame(trades));
  REQUIRE(frame.trades.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(frame.trades[i].market == 0);
    CHECK(frame.trades[i].trade.id == trades[i].id);
    CHECK(frame.trades[i].trade.price == trades[i].price);
    CHECK(frame.trades[i].trade.quantity == trades[i].quantity);
    CHECK(frame.trades[i].trade.side == trades[i].side);
    CHECK(frame.trades[i].trade.time == trades[i].time);
  }
  if (sample.last_id_frame) CHECK(shown(heard(*exchange, sample.last_id_frame(117))) == "last 0#117; ");
}

// Whatever comes, nothing is read beyond the text, and no trade comes out that cannot be.
void check_hostile_frames(const ExchangeSample& sample) {
  const auto exchange = made(sample);
  std::vector<std::string> golden = {sample.trades_frame(trades_between(1, 3)),
                                     "<html>520</html>",
                                     "",
                                     "{}",
                                     "[]",
                                     "null",
                                     "{\"a\":",
                                     std::string(3'000, '['),
                                     std::string(200, '\xff')};
  for (const FrameCase& one : sample.frames) golden.push_back(one.frame);
  for (const StreamRequest& request : exchange->subscribe(sample.symbols)) {
    for (std::string& answer : sample.answers(request.text)) golden.push_back(std::move(answer));
  }
  if (sample.last_id_frame) golden.push_back(sample.last_id_frame(5));
  std::mt19937_64 random(20251110);
  const std::string spice = "{}[]\",:0123456789.eE+-\\ntf\x80\xff";
  Frame frame;
  TradesPage page;
  CandlesPage candles;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = golden[random() % golden.size()];
    for (std::size_t change = 0, changes = random() % 4; change < changes && !text.empty(); ++change) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = spice[random() % spice.size()]; break;
        case 1: text.erase(at, 1 + random() % 8); break;
        case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
        default: text.resize(at); break;
      }
    }
    const PaddedCopy copy(text);
    exchange->read(copy.text(), frame);
    for (const StreamTrade& row : frame.trades) {
      const bool believable = row.market < sample.symbols.size() && row.trade.id > 0 && row.trade.price.is_positive() &&
                              row.trade.quantity.is_positive() && row.trade.time.ns > 1'230'000'000'000'000'000;
      if (!believable) FAIL("round " << round << ": " << text);
    }
    for (const LastTrade& last : frame.last_trades) {
      if (last.market >= sample.symbols.size() || last.id <= 0) FAIL("round " << round << ": " << text);
    }
    (void)exchange->read_trades(copy.text(), page);
    (void)exchange->read_names(copy.text());
    (void)exchange->read_time(copy.text());
    (void)exchange->read_candles(copy.text(), candles);
  }
}

void check_judge(const ExchangeSample& sample) {
  using Kind = RestError::Kind;
  std::vector<JudgeCase> cases = sample.answers_judged;
  for (const auto& [status, kind] : std::vector<std::pair<unsigned, Kind>>{{429, Kind::rate_limited},
                                                                           {418, Kind::banned},
                                                                           {500, Kind::transient},
                                                                           {502, Kind::transient},
                                                                           {503, Kind::transient},
                                                                           {520, Kind::transient}}) {
    cases.push_back({status, "<html><body>no</body></html>", kind});
    cases.push_back({status, "", kind});
  }
  const auto exchange = made(sample);
  cases.push_back({200, sample.rest(exchange->time_request().target, {}, test_epoch), std::nullopt});
  for (const JudgeCase& one : cases) {
    INFO(one.status << " " << one.body);
    const PaddedCopy body(one.body);
    const RestResult<void> judged = exchange->judge({.status = one.status,
                                                     .headers = one.headers,
                                                     .body = body.text(),
                                                     .retry_after = Duration::seconds(17),
                                                     .sent = {},
                                                     .received = {},
                                                     .received_at = {}});
    CHECK(judged.has_value() == !one.kind.has_value());
    if (judged || !one.kind) continue;
    CHECK(judged.error().kind == *one.kind);
    CHECK_FALSE(judged.error().message.empty());
    CHECK(judged.error().message.find('\n') == std::string::npos);
    if (*one.kind == Kind::rate_limited || *one.kind == Kind::banned) {
      CHECK((judged.error().until || judged.error().pause == Duration::seconds(17) || one.status == 200));
    }
  }
}

// REST of the sample, asked as the feed asks it.
struct SampleRest {
  explicit SampleRest(const ExchangeSample& given, std::vector<Trade> has)
      : sample(given), trades(std::move(has)), exchange(made(given)) {
    const auto names = exchange->read_names(PaddedCopy(ask(exchange->names_request())).text());
    REQUIRE(names);
    const auto place = std::ranges::find(*names, sample.symbols[0], &RestName::symbol);
    REQUIRE(place != names->end());
    name = place->name;
    CHECK(std::ranges::find(*names, sample.unknown_symbol, &RestName::symbol) == names->end());
    const auto server = exchange->read_time(PaddedCopy(ask(exchange->time_request())).text());
    REQUIRE(server);
    CHECK(server->time <= test_epoch);
    CHECK(server->time + server->granularity > test_epoch);
  }

  std::string ask(const net::RestRequest& request) const {
    CHECK(request.cost > 0);
    return sample.rest(request.target, trades, test_epoch);
  }
  TradesPage page(const PageRequest& request) {
    TradesPage answer;
    REQUIRE(++requests < 2'000);
    const std::string body = ask(exchange->trades_request(name, request));
    REQUIRE(exchange->read_trades(PaddedCopy(body).text(), answer));
    CHECK(answer.bad_rows == 0);
    return answer;
  }
  // ids in the order in which they came, gaps as negative pairs
  std::vector<std::int64_t> walk(Pager& pager, std::vector<IdRange>& missing) {
    std::vector<std::int64_t> ids;
    for (;;) {
      TradesPage answer = page(pager.next());
      const Pager::Step step = pager.accept(answer);
      if (step.missing) missing.push_back(*step.missing);
      for (const Trade& trade : step.trades) ids.push_back(trade.id);
      REQUIRE_FALSE(step.stuck);
      if (step.caught_up) return ids;
    }
  }
  // As ExchangeRest::place() and locate() do.
  PageStart start_at(Timestamp from) {
    PageStart start{.from = from};
    if (sample.entry.descriptor->paging == Paging::by_time) return start;
    TimeLocator locator(from, sample.entry.descriptor->page_rows_max);
    TimeLocator::Verdict verdict = TimeLocator::Verdict::ask_again;
    while (verdict == TimeLocator::Verdict::ask_again) verdict = locator.accept(page(locator.next()));
    REQUIRE(verdict == TimeLocator::Verdict::found);
    start.first_id = locator.id();
    return start;
  }
  PageStart start_behind(std::int64_t id, Timestamp guess) {
    if (sample.entry.descriptor->paging == Paging::by_id) return {.last_id = id};
    IdLocator locator(id + 1, guess);
    IdLocator::Verdict verdict = IdLocator::Verdict::ask_again;
    while (verdict == IdLocator::Verdict::ask_again) verdict = locator.accept(page({locator.probe(), {}}));
    REQUIRE(verdict == IdLocator::Verdict::found);
    return {.from = locator.probe() - Duration::seconds(1), .last_id = id};
  }

  const ExchangeSample& sample;
  std::vector<Trade> trades;
  std::unique_ptr<Exchange> exchange;
  std::string name;
  int requests = 0;
};

std::vector<std::int64_t> ids_between(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> ids;
  for (std::int64_t id = first; id <= last; ++id) ids.push_back(id);
  return ids;
}

// Trades 1000 to 4499, forty seconds apart, but for some that the exchange does not have.
void check_paging(const ExchangeSample& sample) {
  const ExchangeDescriptor& d = *sample.entry.descriptor;
  const auto time_of = [](std::int64_t id) {
    return test_epoch - Duration::days(3) + Duration::seconds((id - 1'000) * 40);
  };
  std::vector<Trade> trades;
  for (std::int64_t id = 1'000; id < 4'500; ++id) {
    if (id < 2'000 || id > 2'002) trades.push_back(trade_of(id, time_of(id)));
  }
  const std::vector<IdRange> gap =
      d.numbers == TradeNumbers::contiguous ? std::vector<IdRange>{{2'000, 2'002}} : std::vector<IdRange>{};
  const auto without_gap = [](std::vector<std::int64_t> ids) {
    std::erase_if(ids, [](std::int64_t id) { return id >= 2'000 && id <= 2'002; });
    return ids;
  };
  SampleRest rest(sample, trades);
  {
    INFO("forwards from an id");
    std::vector<IdRange> missing;
    CHECK(rest.walk(*make_pager(d, rest.start_behind(1'499, time_of(3'000))), missing) ==
          without_gap(ids_between(1'500, 4'499)));
    CHECK(missing == gap);
  }
  {
    INFO("forwards from a time");
    std::vector<IdRange> missing;
    CHECK(rest.walk(*make_pager(d, rest.start_at(time_of(1'700))), missing) == without_gap(ids_between(1'700, 4'499)));
    CHECK(rest.walk(*make_pager(d, rest.start_at(time_of(3'000) - Duration::seconds(1))), missing) ==
          ids_between(3'000, 4'499));
    CHECK(rest.walk(*make_pager(d, rest.start_at(time_of(0))), missing) == without_gap(ids_between(1'000, 4'499)));
    CHECK(rest.walk(*make_pager(d, rest.start_at(time_of(9'000))), missing).empty());
  }
  for (const BackwardStart& start :
       {BackwardStart{.before = time_of(4'500), .before_id = 4'500, .last_id = 1'200},
        BackwardStart{.before = time_of(4'500), .before_id = 4'500, .from = time_of(1'201)}}) {
    INFO("backwards to " << (start.last_id ? "an id" : "a time"));
    std::vector<IdRange> missing;
    std::vector<std::int64_t> ids = rest.walk(*make_pager(d, start), missing);
    std::ranges::sort(ids);
    CHECK(ids == without_gap(ids_between(1'201, 4'499)));
    CHECK(missing == gap);
  }
  SampleRest none(sample, {});
  std::vector<IdRange> missing;
  CHECK(none.walk(*make_pager(d, PageStart{.from = test_epoch, .first_id = 1}), missing).empty());
}

// Over sockets: subscribe, a gap in the stream, and a trade that is told and never comes.
void check_live(const ExchangeSample& sample) {
  std::atomic<std::int64_t> newest{107};
  std::atomic<int> pages{0};
  const auto exchange = made(sample);
  const std::size_t messages = exchange->subscribe({sample.symbols[0]}).size();
  const bool tells = sample.last_id_frame != nullptr;
  Scene scene;
  scene.exchanges = {{sample.entry}};
  scene.exchange = sample.entry.descriptor->name;
  scene.symbols = {sample.symbols[0]};
  scene.stream_path = "/stream";
  scene.rest_path = "/rest";
  scene.cursors = {{100, trade_of(100).time, {}}};
  scene.script.rest = [&](const std::string& target) -> Reply {
    const std::string path = target.substr(std::string("/rest").size());
    const std::string time = exchange->time_request().target, names = exchange->names_request().target;
    if (path != time && path != names) ++pages;
    return {200, sample.rest(path, trades_between(1, newest), test_epoch)};
  };
  scene.script.stream = [&](Line& line, int) {
    if (!sample.greeting.empty()) line.send(sample.greeting);
    std::string text;
    for (std::size_t i = 0; i < messages; ++i) {
      if (!line.read(text)) return;
      for (const std::string& answer : sample.answers(text)) line.send(answer);
    }
    line.send(sample.trades_frame(trades_between(101, 103)));
    line.send(sample.trades_frame(trades_between(106, 107)));  // 104 and 105 never come
    if (!tells) return;
    while (pages == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    newest = 109;
    for (int i = 0; i < 100 && line.send(sample.last_id_frame(109)); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  scene.until = trades_up_to(tells ? 109 : 107);
  const Outcome outcome = play(std::move(scene));
  CHECK(outcome.markets.front().words == (tells ? "101-109 " : "101-107 "));
  CHECK(outcome.connections == 1);
  CHECK(outcome.bad == 0);
}

}  // namespace

void run_exchange_kit(const ExchangeSample& sample) {
  check_description(sample);
  check_subscriptions(sample);
  check_frames(sample);
  check_hostile_frames(sample);
  check_judge(sample);
  check_paging(sample);
  if (sample.entry.descriptor->numbers == TradeNumbers::contiguous) check_live(sample);
}

}  // namespace candled::ingest
