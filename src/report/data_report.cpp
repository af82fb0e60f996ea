#include "candled/report/data_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace candled::report {
namespace {

constexpr std::size_t lines_max = 10;  // of one kind, on the terminal

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "-";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  // Nothing but all of it is a hundred percent.
  return part != whole && share > 99.995 ? "99.99 %" : fmt::format("{:.2f} %", share);
}

std::string span(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to) {
  return from && to ? to_iso8601(*from) + " to " + to_iso8601(*to) : "none";
}

std::string count_of(std::int64_t count, const char* one, const char* many) { return fmt::format("{} {}", grouped(count), count == 1 ? one : many); }

void line(std::string& out, const char* name, const std::string& text) { out += fmt::format("  {:<12} {}\n", name, text); }

std::string rough(Duration span) {
  if (span >= Duration::days(2)) return fmt::format("{} days", span / Duration::days(1));
  if (span >= Duration::hours(2)) return fmt::format("{} hours", span / Duration::hours(1));
  if (span >= Duration::minutes(2)) return fmt::format("{} minutes", span / Duration::minutes(1));
  return fmt::format("{} s", std::max<std::int64_t>(0, span / Duration::seconds(1)));
}

constexpr Duration stale_after = Duration::minutes(5);

std::optional<Duration> age(const DataReport& report) {
  const store::MarketQuality& q = report.quality;
  std::optional<Timestamp> newest = q.trades.last;
  if (q.candles.last) newest = std::max(newest.value_or(*q.candles.last), *q.candles.last + q.market.interval);
  if (!newest) return std::nullopt;
  return report.now - *newest;
}

std::int64_t id_span(const store::TradeQuality& t) { return t.count - t.without_id + t.missing_ids; }
std::int64_t candle_span(const store::CandleQuality& c) { return c.traded + c.quiet + c.gap + c.absent; }

std::string verdict(const store::MarketQuality& q) {
  if (q.whole()) return "whole";
  std::vector<std::string> why;
  if (q.trades.missing_ids > 0) why.push_back(count_of(q.trades.missing_ids, "id", "ids") + " missing");
  if (q.open_holes > 0) why.push_back(count_of(q.open_holes, "hole", "holes") + " open");
  if (q.candles.gap > 0) why.push_back(count_of(q.candles.gap, "candle is a gap", "candles are gaps"));
  if (q.candles.absent > 0) why.push_back(count_of(q.candles.absent, "candle is", "candles are") + " not there");
  return fmt::format("NOT WHOLE: {}", fmt::join(why, ", "));
}

std::string pruned_text(const char* what, Timestamp before, std::int64_t older) {
  const std::string text = fmt::format("{} before {}, on purpose", what, to_iso8601(before));
  return older == 0 ? text : fmt::format("{}; {} older ones are stored", text, grouped(older));
}

void trades_text(std::string& out, const store::MarketQuality& q) {
  const store::TradeQuality& t = q.trades;
  line(out, "trades", t.count == 0 ? "none" : fmt::format("{}, {}", grouped(t.count), span(t.first, t.last)));
  if (t.count > 0) {
    line(out, "", fmt::format("{} by stream, {} by REST, {} imported; {} late", grouped(t.from_stream), grouped(t.from_rest), grouped(t.imported),
                              grouped(t.late)));
    line(out, "duplicates", "not recorded; a running daemon counts them in /metrics");
  }
  if (t.first_id) {
    line(out, "ids", fmt::format("{} to {}: {} of {} stored, {}", *t.first_id, *t.last_id, grouped(t.count - t.without_id), grouped(id_span(t)),
                                 percent(t.count - t.without_id, id_span(t))));
  }
  if (t.without_id > 0) line(out, "without id", fmt::format("{} trades: nothing proves that none is missing among them", grouped(t.without_id)));
  if (q.trades_pruned_before) line(out, "pruned", pruned_text("trades", *q.trades_pruned_before, q.trades_older));
  if (q.features_pruned_before) line(out, "pruned", pruned_text("feature rows", *q.features_pruned_before, q.features_older));
  for (std::size_t i = 0; i < std::min(lines_max, t.missing.size()); ++i) {
    const store::MissingIds& m = t.missing[i];
    line(out, "missing", fmt::format("ids {} to {} ({}), {}", m.first_id, m.last_id, grouped(m.last_id - m.first_id + 1),
                                     m.before ? span(m.after, m.before) : "after " + to_iso8601(m.after)));
  }
  const auto left = t.missing_runs - static_cast<std::int64_t>(std::min(lines_max, t.missing.size()));
  if (left > 0) line(out, "", fmt::format("and {} more runs of ids", grouped(left)));
  line(out, "holes", fmt::format("{} open, {} filled", grouped(q.open_holes), grouped(q.filled_holes)));
}

void candles_text(std::string& out, const store::MarketQuality& q) {
  const store::CandleQuality& c = q.candles;
  const std::int64_t all = candle_span(c);
  line(out, "candles", all == 0 ? "none" : fmt::format("{} of {}, {}", grouped(all - c.absent), to_text(q.market.interval), span(c.first, c.last)));
  if (all == 0) return;
  line(out, "", fmt::format("{} traded, {} quiet, {} gap ({}), {} not there", percent(c.traded, all), percent(c.quiet, all), percent(c.gap, all),
                            grouped(c.gap), grouped(c.absent)));
  if (c.without_trades > 0) line(out, "", grouped(c.without_trades) + " imported as candles, without their trades");
  if (c.revised > 0) line(out, "", grouped(c.revised) + " revised");
  for (std::size_t i = 0; i < std::min(lines_max, c.missing.size()); ++i) {
    const store::MissingCandles& m = c.missing[i];
    line(out, m.stored_as_gap ? "gap" : "not there", fmt::format("{} ({})", span(m.from, m.to), count_of(m.candles, "candle", "candles")));
  }
  const auto left = c.missing_runs - static_cast<std::int64_t>(std::min(lines_max, c.missing.size()));
  if (left > 0) line(out, "", fmt::format("and {} more stretches", grouped(left)));
  line(out, "outliers", c.outliers == 0 ? "none beyond the robust band" : grouped(c.outliers) + " beyond the robust band; the worst:");
  for (const store::Outlier& o : c.worst) {
    line(out, "", fmt::format("{} moved {:.2f} %, {:.1f} times the band", to_iso8601(o.open_time), o.move * 100, o.times));
  }
}

std::string comparison_text(const Comparison& comparison) {
  if (!comparison.problem.empty()) return "not compared: " + comparison.problem;
  std::string text = count_of(comparison.compared, "candle", "candles") + " compared with the exchange's own, ";
  if (comparison.differ.empty()) return text + "all equal";
  text += grouped(static_cast<std::int64_t>(comparison.differ.size())) + " differ:";
  for (std::size_t i = 0; i < std::min(lines_max / 2, comparison.differ.size()); ++i) text += " " + to_iso8601(comparison.differ[i]);
  return text;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out + '"';
}

std::string time_or_null(const std::optional<Timestamp>& time) { return time ? quoted(to_iso8601(*time)) : "null"; }
template <class Number>
std::string number_or_null(const std::optional<Number>& number) {
  return number ? std::to_string(*number) : "null";
}

// One object for each item, in a JSON array.
template <class Items, class Write>
std::string array_of(const Items& items, Write write) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ",") + write(item);
  return "[" + out + "]";
}

}  // namespace

Comparison compare(const std::vector<Candle>& ours, const std::vector<Candle>& theirs) {
  Comparison comparison;
  for (const Candle& other : theirs) {
    const auto own = std::ranges::lower_bound(ours, other.open_time, {}, &Candle::open_time);
    if (own == ours.end() || own->open_time != other.open_time || own->state == CandleState::gap) continue;
    ++comparison.compared;
    const bool prices = own->open == other.open && own->high == other.high && own->low == other.low && own->close == other.close;
    const bool traded = own->state == other.state && (!own->trades_known || own->trades == other.trades);
    const bool volume = std::abs(own->volume.units() - other.volume.units()) <= std::max<std::int64_t>(1, other.trades);
    if (!prices || !traded || !volume) comparison.differ.push_back(other.open_time);
  }
  return comparison;
}

std::string text_of(const DataReport& report) {
  std::string out = fmt::format("{}: {}\n", report.quality.market.name(), verdict(report.quality));
  trades_text(out, report.quality);
  candles_text(out, report.quality);
  if (const std::optional<Duration> old = age(report)) {
    line(out, "newest", fmt::format("{} old{}", rough(*old), *old > stale_after ? ": stale, unless this is a record of the past" : ""));
  }
  if (report.comparison) line(out, "exchange", comparison_text(*report.comparison));
  return out;
}

std::string json_of(const DataReport& report) {
  const store::MarketQuality& q = report.quality;
  const store::TradeQuality& t = q.trades;
  const store::CandleQuality& c = q.candles;
  const std::optional<Duration> old = age(report);
  std::string out = fmt::format(R"({{"market":{},"interval":"{}","whole":{})", quoted(q.market.name()), to_text(q.market.interval), q.whole());
  out += fmt::format(R"(,"trades":{{"count":{},"first":{},"last":{},"stream":{},"rest":{},"imported":{},"without_id":{},"late":{},"duplicates":null)",
                     t.count, time_or_null(t.first), time_or_null(t.last), t.from_stream, t.from_rest, t.imported, t.without_id, t.late);
  out += fmt::format(R"(,"first_id":{},"last_id":{},"stored_ids":{},"missing_ids":{},"missing_runs":{},"pruned_before":{},"missing":{}}})",
                     number_or_null(t.first_id), number_or_null(t.last_id), t.count - t.without_id, t.missing_ids, t.missing_runs,
                     time_or_null(q.trades_pruned_before), array_of(t.missing, [](const store::MissingIds& m) {
                       return fmt::format(R"({{"first_id":{},"last_id":{},"after":{},"before":{}}})", m.first_id, m.last_id,
                                          time_or_null(m.after), time_or_null(m.before));
                     }));
  out += fmt::format(R"(,"candles":{{"first":{},"last":{},"traded":{},"quiet":{},"gap":{},"absent":{},"without_trades":{},"revised":{},"missing":{})",
                     time_or_null(c.first), time_or_null(c.last), c.traded, c.quiet, c.gap, c.absent, c.without_trades, c.revised,
                     array_of(c.missing, [](const store::MissingCandles& m) {
                       return fmt::format(R"({{"from":{},"to":{},"candles":{},"state":"{}"}})", time_or_null(m.from), time_or_null(m.to), m.candles,
                                          m.stored_as_gap ? "gap" : "absent");
                     }));
  out += fmt::format(R"(,"outliers":{},"worst":{}}})", c.outliers, array_of(c.worst, [](const store::Outlier& o) {
                       return fmt::format(R"({{"open_time":{},"move":{:.6f},"times":{:.2f}}})", time_or_null(o.open_time), o.move, o.times);
                     }));
  out += fmt::format(R"(,"holes":{{"open":{},"filled":{}}},"features_pruned_before":{},"trades_older":{},"features_older":{},"age_s":{},"stale":{})", q.open_holes, q.filled_holes,
                     time_or_null(q.features_pruned_before), q.trades_older, q.features_older, old ? std::to_string(*old / Duration::seconds(1)) : "null",
                     old && *old > stale_after);
  if (report.comparison) {
    out += fmt::format(R"(,"exchange":{{"compared":{},"differ":{},"problem":{}}})", report.comparison->compared,
                       array_of(report.comparison->differ, [](Timestamp time) { return quoted(to_iso8601(time)); }),
                       report.comparison->problem.empty() ? "null" : quoted(report.comparison->problem));
  }
  return out + "}";
}

}  // namespace candled::report
