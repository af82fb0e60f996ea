// How long the API takes to answer on a file of a year of one-minute candles and a million trades, over a socket of loopback.
//
//   build/server_bench [FOLDER]     makes the file there (about 320 MB; kept, and used again), default: a temporary folder
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "candled/flow/clock.hpp"
#include "candled/flow/log.hpp"
#include "candled/server/server.hpp"
#include "candled/store/journal_writer.hpp"

namespace {

using namespace candled;

constexpr int minutes = 525'600;
constexpr int trades_total = 1'000'000;
constexpr Timestamp start{28'400'000LL * 60'000'000'000};  // a multiple of a day
constexpr int questions = 100;

const MarketTable markets{{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)}};
const std::vector<std::string> strategies{"dynamic", "balanced", "ultra_aggressive", "buy_and_hold", "flat"};
const std::vector<std::string> features{"return_1", "rsi_14",   "ema_9",  "ema_21", "atr_14",
                                        "macd",     "volume_z", "spread", "vwap",   "hour"};

Price price_at(int minute) { return Price::from_units((100'000 + minute % 977 + minute / 50) * Price::scale); }

Event candle_event(int minute) {
  auto report = std::make_unique<CandleReport>();
  Candle& candle = report->candle;
  candle.open_time = start + Duration::minutes(minute);
  candle.open = candle.low = price_at(minute);
  candle.close = candle.high = price_at(minute + 1);
  candle.volume = Volume::from_usual_units(1'234'567 + minute);
  candle.trades = 2;
  candle.tape.known = true;
  if (candle.high < candle.low) std::swap(candle.high, candle.low);
  report->end = candle.open_time + Duration::minutes(1);
  report->features.assign(features.size(), 0.25 * minute);
  report->prediction =
      Prediction{0.45 + 0.0001 * (minute % 1'000), Duration::minutes(5), SignalKind::buy, "20250101_000000"};
  for (std::size_t i = 0; i < strategies.size(); ++i) {
    const Money money = Money::from_units((10'000 + minute % 500) * Money::scale);
    report->equity.push_back(
        {StrategyId{static_cast<std::uint16_t>(i)}, report->end, money, Amount{}, candle.close, money});
  }
  return Event::of(MarketId{0}, std::move(report));
}

Event trade_event(int number) {
  Trade trade;
  trade.id = number + 1;
  trade.time = trade.received =
      start + Duration{static_cast<std::int64_t>(minutes) * 60'000'000'000 / trades_total * number};
  trade.price = price_at(number);
  trade.quantity = Quantity::from_units(1'000 + number);
  return Event::of(MarketId{0}, trade);
}

void make_file(const std::filesystem::path& path) {
  store::JournalSettings settings{path, markets, {}, {{"0123456789abcdef", features}}};
  for (const std::string& name : strategies) settings.strategies.push_back({name, name});
  store::JournalWriter writer(settings);
  std::int64_t sequence = 0;
  std::uint32_t fills = 0;
  for (int minute = 0, trade = 0; minute < minutes;) {
    std::vector<Event> slice;
    for (int i = 0; i < 1'000 && minute < minutes; ++i, ++minute) {
      ++sequence;
      slice.push_back(candle_event(minute));
      slice.back().sequence = sequence;
      if (minute % 50 == 0) {
        Fill fill;
        fill.number = ++fills;
        fill.time = start + Duration::minutes(minute);
        fill.quantity = Amount::from_units(1'000'000);
        fill.price = price_at(minute);
        slice.push_back(Event::of(MarketId{0}, fill));
        slice.back().sequence = sequence;
      }
      for (const int end = static_cast<int>(static_cast<std::int64_t>(minute + 1) * trades_total / minutes);
           trade < end; ++trade) {
        slice.push_back(trade_event(trade));
        slice.back().sequence = ++sequence;
      }
    }
    if (const Result<void> written = writer.write(slice); !written) {
      fmt::print(stderr, "cannot write: {}\n", written.error().message);
      std::exit(1);
    }
  }
}

// One connection that asks and reads the answer to its end.
class Asker {
 public:
  explicit Asker(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address) != 0) std::exit(1);
  }
  ~Asker() { ::close(descriptor_); }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  // The size of the answer with its header.
  std::size_t ask(const std::string& target) { return answer_to(target, "gzip").size(); }
  // The answer with its header, as text.
  std::string text_of(const std::string& target) { return answer_to(target, "identity"); }

 private:
  std::string answer_to(const std::string& target, const std::string& encoding) {
    const std::string request =
        "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: " + encoding + "\r\n\r\n";
    if (::send(descriptor_, request.data(), request.size(), 0) != static_cast<ssize_t>(request.size())) std::exit(1);
    std::string answer;
    std::size_t wanted = std::string::npos;
    while (answer.size() < wanted) {
      char part[65'536];
      const ssize_t got = ::recv(descriptor_, part, sizeof part, 0);
      if (got <= 0) std::exit(1);
      answer.append(part, static_cast<std::size_t>(got));
      const std::size_t end = answer.find("\r\n\r\n");
      const std::size_t length = answer.find("Content-Length: ");
      if (wanted == std::string::npos && end != std::string::npos)
        wanted = end + 4 + std::strtoul(answer.c_str() + length + 16, nullptr, 10);
    }
    if (!answer.starts_with("HTTP/1.1 200")) {
      fmt::print(stderr, "{}: {}\n", target, answer.substr(0, 200));
      std::exit(1);
    }
    return answer;
  }

  int descriptor_;
};

// Of this process: the server, and the little that the asker does.
double processor_ms() {
  struct rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

void measure(Asker& asker, const std::string& target) {
  asker.ask(target);  // reads the pages from the disk
  std::vector<double> times_ms;
  const double processor_before_ms = processor_ms();
  std::size_t bytes = 0;
  for (int i = 0; i < questions; ++i) {
    const Duration before = flow::monotonic_now();
    bytes = asker.ask(target);
    times_ms.push_back(static_cast<double>((flow::monotonic_now() - before).ns) / 1e6);
  }
  std::ranges::sort(times_ms);
  const double processor_each_ms = (processor_ms() - processor_before_ms) / questions;
  fmt::print("{:>8.2f} {:>8.2f} {:>8.2f} {:>9}  {}\n", processor_each_ms, times_ms[questions / 2],
             times_ms[questions * 99 / 100], bytes, target);
}

// An answer reads 20,000 stored candles at most, 13 days of minutes: what a page pays for a year is its pages one by one.
void measure_year(Asker& asker) {
  const Duration before = flow::monotonic_now();
  const double processor_before_ms = processor_ms();
  std::size_t rows = 0, answers = 0;
  std::string cursor;
  do {
    const std::string answer =
        asker.text_of("/api/v1/candles?interval=1d&limit=500" + (cursor.empty() ? cursor : "&cursor=" + cursor));
    ++answers;
    for (std::size_t at = answer.find("\"open_time\""); at != std::string::npos;
         at = answer.find("\"open_time\"", at + 1))
      ++rows;
    constexpr std::string_view next = "\"next\":\"";
    const std::size_t at = answer.find(next);
    cursor = at == std::string::npos
                 ? ""
                 : answer.substr(at + next.size(), answer.find('"', at + next.size()) - at - next.size());
  } while (!cursor.empty());
  fmt::print("a year at interval=1d: {} rows in {} answers, {:.0f} ms, {:.0f} ms of processor\n", rows, answers,
             static_cast<double>((flow::monotonic_now() - before).ns) / 1e6, processor_ms() - processor_before_ms);
  if (rows < minutes / (24 * 60)) {
    fmt::print(stderr, "a year has more days\n");
    std::exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool given = argc > 1;
  const std::filesystem::path folder =
      given ? argv[1] : (std::filesystem::temp_directory_path() / "candled_server_bench").string();
  std::filesystem::create_directories(folder);
  server::ServerSettings settings;
  settings.database = folder / "year.sqlite";
  if (!std::filesystem::exists(settings.database)) make_file(settings.database);
  settings.listen = "127.0.0.1:0";
  settings.markets = markets;
  settings.requests_per_second = 0;
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, ""});
  server::Server server(settings, {[] { return std::vector<server::Metric>{}; }, [] { return server::Health{}; }}, log);
  std::jthread serving([&server] { server.run(); });
  Asker asker(server.port());
  const std::string end = to_iso8601(start + Duration::minutes(minutes)),
                    middle = to_iso8601(start + Duration::minutes(minutes / 2));
  fmt::print("{:>8} {:>8} {:>8} {:>9}  {}\n", "cpu ms", "p50 ms", "p99 ms", "bytes", "answer (compressed)");
  for (const std::string& target :
       {std::string("/metrics"),
        std::string("/health"),
        std::string("/predictions/BTC-USD"),
        std::string("/api/v1/status"),
        std::string("/api/v1/markets"),
        std::string("/api/v1/strategies"),
        std::string("/api/v1/candles?limit=480"),
        std::string("/api/v1/candles?limit=5000"),
        "/api/v1/candles?limit=480&to=" + middle,
        std::string("/api/v1/candles?interval=5m&limit=500"),
        std::string("/api/v1/candles?interval=1h&limit=500"),
        std::string("/api/v1/candles?interval=1d&limit=500"),
        "/api/v1/candles?interval=1d&limit=500&to=" + middle,
        std::string("/api/v1/trades?limit=100"),
        "/api/v1/trades?limit=100&to=" + middle,
        std::string("/api/v1/predictions?limit=500"),
        "/api/v1/predictions?limit=500&to=" + middle,
        std::string("/api/v1/fills?limit=500"),
        "/api/v1/fills?limit=100&to=" + middle,
        std::string("/api/v1/equity?strategy=dynamic&limit=500"),
        "/api/v1/equity?strategy=dynamic&points=1000&from=" + to_iso8601(start) + "&to=" + end,
        std::string("/api/v1/indicators/rsi_14,ema_9?limit=500"),
        std::string("/api/v1/indicators/rsi_14,ema_9?interval=1d&limit=400"),
        std::string("/api/v1/gaps"),
        std::string("/api/v1/models"),
        std::string("/openapi.json")}) {
    measure(asker, target);
  }
  measure_year(asker);
  server.request_stop();
  serving.join();
  if (!given) std::filesystem::remove_all(folder);
  return 0;
}
