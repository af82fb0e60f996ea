// What an order book costs: one message applied, its facts, its checksum, and all of it from the bytes of the frame.
//   ninja -C build book_bench && build/book_bench
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "candled/domain/book_recorder.hpp"
#include "candled/flow/channel.hpp"
#include "candled/ingest/exchange_table.hpp"
#include "candled/net/real_world.hpp"
#include "ingest/exchange.hpp"
#include "ingest/exchanges/kraken/book_checksum.hpp"
#include "ingest/market_book.hpp"

using namespace candled;
using namespace candled::ingest;

namespace {

constexpr std::size_t messages = 5'000;
constexpr int rounds = 60;

struct Message {
  std::vector<BookEntry> entries;
};

constexpr Price tick_price(std::int64_t watermark) { return Price::from_units(watermark * 1'000'000'000); }

// Mostly changes near the top, now and then a new best level, as the recorded BTC/USD book has them: 2 entries a message.
std::vector<Message> make_messages(std::size_t depth) {
  std::mt19937_64 random(7);
  std::vector<Message> all(messages);
  std::int64_t mid = 628'000;
  for (Message& message : all) {
    if (random() % 8 == 0) mid += random() % 2 == 0 ? 1 : -1;
    for (std::uint64_t count = 1 + random() % 3; count > 0; --count) {
      const bool bid = random() % 2 == 0;
      const auto away = static_cast<std::int64_t>(std::min(random() % (3 * depth), random() % (3 * depth)));
      const auto amount = static_cast<std::int64_t>(random() % 4 == 0 ? 0 : random() % 500'000'000 + 1);
      message.entries.push_back({bid ? BookSide::bid : BookSide::ask,
                                 {tick_price(bid ? mid - 1 - away : mid + 1 + away), Quantity::from_units(amount)}});
    }
    // What the mid has passed is gone.
    message.entries.push_back({BookSide::bid, {tick_price(mid), Quantity{}}});
    message.entries.push_back({BookSide::ask, {tick_price(mid), Quantity{}}});
  }
  return all;
}

OrderBook full_book(std::size_t depth) {
  OrderBook book(depth);
  for (std::size_t i = 0; i < depth; ++i) {
    const auto step = static_cast<std::int64_t>(3 * i);
    book.set(BookSide::bid, tick_price(627'990 - step), Quantity::from_units(100'000'000));
    book.set(BookSide::ask, tick_price(628'010 + step), Quantity::from_units(100'000'000));
  }
  return book;
}

void apply(OrderBook& book, const Message& message) {
  for (const BookEntry& entry : message.entries) book.set(entry.side, entry.level.price, entry.level.quantity);
  book.truncate();
}

// Of this thread alone: on a machine that does other things, too, a wall clock would measure those.
double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The best of several rounds, in ns a message; the work gives back something that depends on all of it.
template <class Work>
double best_ns(Work work) {
  double best = 1e18;
  std::uint64_t kept = 0;
  for (int round = 0; round < rounds; ++round) {
    const double begin = cpu_ns();
    kept += work();
    best = std::min(best, cpu_ns() - begin);
  }
  if (kept == 1) fmt::print(" ");
  return best / messages;
}

void measure(std::size_t depth) {
  const std::vector<Message> all = make_messages(depth);
  std::size_t entries = 0;
  for (const Message& message : all) entries += message.entries.size();
  const double update = best_ns([&] {
    OrderBook book = full_book(depth);
    for (const Message& message : all) apply(book, message);
    return book.bids().size();
  });
  const double facts = best_ns([&] {
    OrderBook book = full_book(depth);
    BookRecorder recorder(Duration::minutes(1));
    recorder.begin(book, Timestamp{});
    for (const Message& message : all) {
      apply(book, message);
      if (book.two_sided()) recorder.update(book);
    }
    return static_cast<std::size_t>(recorder.close_due(Timestamp{} + Duration::minutes(1))->updates);
  });
  const double checked = best_ns([&] {
    OrderBook book = full_book(depth);
    BookChecksum checksum;
    std::size_t sum = 0;
    for (const Message& message : all) {
      apply(book, message);
      sum += *checksum.of(book, {1, 8});
    }
    return sum;
  });
  fmt::print("depth {:>2}, {:.1f} entries a message: update {:.0f} ns, facts {:.0f} ns, checksum {:.0f} ns\n", depth,
             static_cast<double>(entries) / messages, update, facts - update, checked - update);
}

// From bytes to facts, as ingest does it, checksum included.
void measure_frames() {
  std::vector<std::string> frames;
  OrderBook book = full_book(10);
  BookChecksum checksum;
  const auto side_text = [](const std::vector<BookEntry>& entries, BookSide side) {
    std::string text;
    for (const BookEntry& entry : entries) {
      if (entry.side != side) continue;
      text += fmt::format(R"({}{{"price":{},"qty":{}}})", text.empty() ? "" : ",", entry.level.price.to_text(1),
                          entry.level.quantity.to_text(8));
    }
    return text;
  };
  const auto frame = [&](const std::vector<BookEntry>& entries, const char* type) {
    return fmt::format(
        R"({{"channel":"book","type":"{}","data":[{{"symbol":"BTC/USD","bids":[{}],"asks":[{}],"checksum":{},)"
        R"("timestamp":"2026-08-16T23:37:05.377468Z"}}]}})",
        type, side_text(entries, BookSide::bid), side_text(entries, BookSide::ask), *checksum.of(book, {1, 8}));
  };
  std::vector<BookEntry> whole;
  for (const BookLevel& level : book.bids()) whole.push_back({BookSide::bid, level});
  for (const BookLevel& level : book.asks()) whole.push_back({BookSide::ask, level});
  frames.push_back(frame(whole, "snapshot"));
  for (const Message& message : make_messages(10)) {
    apply(book, message);
    if (frames.size() < messages) frames.push_back(frame(message.entries, "update"));
  }
  for (std::string& text : frames) text.reserve(text.size() + text_padding);
  const Market market{MarketId{0}, "kraken", "BTC/USD", Duration::minutes(1)};
  flow::Channel channel = flow::make_channel(64);
  flow::Log log({flow::LogLevel::error, flow::LogFormat::text, {}});
  const std::unique_ptr<flow::World> world = net::make_real_world();
  std::int64_t applied = 0, wrong = 0;
  const double ns = best_ns([&] {
    MarketStatistics statistics;
    Outlet outlet(channel.sender, *world);
    const auto kraken = known_exchanges().find("kraken")->make({"BTC/USD"});
    MarketBook follower(market, 10, kraken->book_check(), outlet, log, statistics);
    Frame parsed;
    follower.asked(Duration{});
    for (const std::string& text : frames) {
      kraken->read(text, parsed);
      for (const StreamBook& message : parsed.books) {
        follower.take(message, std::span(parsed.book_entries).subspan(message.first, message.count), {},
                      Timestamp{INT64_MAX}, Duration{});
      }
    }
    applied = statistics.book_updates.value();
    wrong = statistics.book_mismatches.value();
    return static_cast<std::size_t>(applied);
  });
  fmt::print("depth 10 from bytes to facts, checksum included: {:.0f} ns a message ({} of {} applied, {} wrong)\n", ns,
             applied, frames.size(), wrong);
}

}  // namespace

int main() {
  measure(10);
  measure(25);
  measure_frames();
}
