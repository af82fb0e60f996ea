#include "simulator/dialects/kraken/rest_pages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

#include <fmt/format.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "simulator/dialects/kraken/trade_rows.hpp"
#include "simulator/number_text.hpp"

namespace candled::simulator::kraken {
namespace {

using Turnover = boost::multiprecision::int256_t;  // of 1e-30

constexpr std::array<std::int64_t, 9> intervals_minutes{1, 5, 15, 30, 60, 240, 1440, 10080, 21600};
constexpr std::int64_t bars_max = 720;
constexpr std::size_t rows_max = 1000;
constexpr std::int64_t seconds_beyond_doubt = 100'000'000'000;  // a `since` above it is not in seconds

struct Bar {
  Price open, high, low, close;
  Volume volume;
  Turnover turnover = 0;
  std::uint32_t trades = 0;
};

void add(Bar& bar, const Trade& trade) {
  if (bar.trades++ == 0) bar.open = bar.high = bar.low = trade.price;
  bar.high = std::max(bar.high, trade.price);
  bar.low = std::min(bar.low, trade.price);
  bar.close = trade.price;
  bar.volume += volume_of(trade.quantity);
  bar.turnover += Turnover(trade.price.finest_units()) * Turnover(trade.quantity.finest_units());
}

// Digits beyond the decimals are dropped.
DecimalDigits cut(const DecimalDigits& number, int decimals) {
  if (number.decimals <= decimals) return number;
  return {number.mantissa / wide_power_of_ten(number.decimals - decimals), decimals};
}

void append_bar(std::string& out, Timestamp open_time, const Bar& bar, const Instrument& instrument) {
  fmt::format_to(std::back_inserter(out), "[{}", open_time.ns / 1'000'000'000);
  for (Price price : {bar.open, bar.high, bar.low, bar.close}) {
    out += ",\"";
    append_fixed(out, price.digits(), instrument.price_decimals);
    out += '"';
  }
  out += ",\"";
  if (bar.trades == 0) {
    out += "0.0";
  } else {
    const auto mean = static_cast<WideUnits>(Turnover(bar.turnover / Turnover(bar.volume.units())));
    append_fixed(out, cut({mean, Price::finest}, instrument.price_decimals), instrument.price_decimals);
  }
  out += "\",\"";
  out += bar.volume.to_text(instrument.quantity_decimals);
  fmt::format_to(std::back_inserter(out), "\",{}]", bar.trades);
}

}  // namespace

std::string trades_page(const History& history, const Pair& pair, const TradesQuery& query) {
  const std::size_t known = history.first_after(query.known_until);
  const std::size_t count = std::clamp<std::size_t>(query.count, 1, rows_max);
  std::size_t first = known > count ? known - count : 0;
  if (query.since) first = query.inclusive ? history.first_at(*query.since) : history.first_after(*query.since);
  const std::size_t end = std::max(first, std::min(known, first + count));

  std::string out = fmt::format("{{\"error\":[],\"result\":{{\"{}\":[", pair.canonical);
  out.reserve(out.size() + 100 * (end - first) + 64);
  for (std::size_t i = first; i < end; ++i) {
    if (i > first) out += ',';
    append_rest_row(out, history[i], pair.instrument);
  }
  const std::int64_t last_ns = end > first ? history[end - 1].time.ns : query.since.value_or(Timestamp{}).ns;
  out += fmt::format("],\"last\":\"{}\"}}}}", query.wrong_last ? last_ns / 1'000'000'000 : last_ns);
  return out;
}

std::optional<std::string> ohlc_page(const History& history, const Pair& pair, Timestamp now,
                                     std::int64_t interval_minutes, std::int64_t since_seconds) {
  if (std::find(intervals_minutes.begin(), intervals_minutes.end(), interval_minutes) == intervals_minutes.end()) {
    return std::nullopt;
  }
  const Duration interval = Duration::minutes(interval_minutes);
  const Timestamp open_bar = floor_to(now, interval);
  std::string out = fmt::format("{{\"error\":[],\"result\":{{\"{}\":[", pair.canonical);
  bool first_row = true;
  if (!history.empty()) {
    const Timestamp begin = std::max(open_bar - interval * (bars_max - 1), floor_to(history[0].time, interval));
    std::size_t next = history.first_at(begin);
    Price last_close = next > 0 ? history[next - 1].price : Price{};
    for (Timestamp at = begin; at <= open_bar; at = at + interval) {
      Bar bar{last_close, last_close, last_close, last_close, {}, 0, 0};
      for (; next < history.size() && history[next].time < at + interval; ++next) add(bar, history[next]);
      last_close = bar.close;
      if (at.ns / 1'000'000'000 <= since_seconds) continue;
      if (!first_row) out += ',';
      first_row = false;
      append_bar(out, at, bar, pair.instrument);
    }
  }
  out += fmt::format("],\"last\":{}}}}}", (open_bar - interval).ns / 1'000'000'000);
  return out;
}

std::string asset_pairs_page(std::span<const Pair> pairs) {
  std::string out = "{\"error\":[],\"result\":{";
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Pair& p = pairs[i];
    std::string tick = "1";
    if (p.instrument.price_decimals > 0) {
      tick = "0." + std::string(static_cast<std::size_t>(p.instrument.price_decimals - 1), '0') + "1";
    }
    out += fmt::format(
        "{}\"{}\":{{\"altname\":\"{}\",\"wsname\":\"{}\",\"aclass_base\":\"currency\",\"base\":\"{}\",\"aclass_quote\":"
        "\"currency\","
        "\"quote\":\"{}\",\"lot\":\"unit\",\"cost_decimals\":5,\"pair_decimals\":{},\"lot_decimals\":{},\"lot_"
        "multiplier\":1,"
        "\"leverage_buy\":[],\"leverage_sell\":[],\"fees\":[[0,0.4]],\"fees_maker\":[[0,0.25]],\"ordermin\":\"{}\","
        "\"costmin\":\"0.5\",\"tick_size\":\"{}\",\"status\":\"online\"}}",
        i > 0 ? "," : "", p.canonical, p.alternative, p.v1_name, p.base, p.quote, p.instrument.price_decimals,
        p.instrument.quantity_decimals, p.order_minimum, tick);
  }
  return out + "}}";
}

std::string system_status_page(std::string_view status, Timestamp now) {
  return fmt::format("{{\"error\":[],\"result\":{{\"status\":\"{}\",\"timestamp\":\"{}\"}}}}", status,
                     to_iso8601(floor_to(now, Duration::seconds(1))));
}

std::string time_page(Timestamp now) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Timestamp second = floor_to(now, Duration::seconds(1));
  const std::chrono::sys_seconds time{std::chrono::seconds{second.ns / 1'000'000'000}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format(
      "{{\"error\":[],\"result\":{{\"unixtime\":{},\"rfc1123\":\"{}, {:02} {} {:02} {:02}:{:02}:{:02} +0000\"}}}}",
      time.time_since_epoch().count(), days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
      months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()) % 100, clock.hours().count(),
      clock.minutes().count(), clock.seconds().count());
}

std::string error_page(std::string_view error) { return fmt::format("{{\"error\":[\"{}\"]}}", error); }

std::optional<Timestamp> parse_since(std::string_view text) {
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, whole);
  if (error != std::errc{} || whole < 0) return std::nullopt;
  if (stopped == end && whole >= seconds_beyond_doubt) return Timestamp{whole};
  if (whole > INT64_MAX / 1'000'000'000) return std::nullopt;
  const Result<Timestamp> seconds = parse_unix_seconds(text);
  if (!seconds) return std::nullopt;
  return *seconds;
}

}  // namespace candled::simulator::kraken
