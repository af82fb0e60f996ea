#include "candled/report/data_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "candled/domain/json_writer.hpp"

namespace candled::report {
namespace {

constexpr std::size_t lines_max = 10;  // of one kind, on the terminal

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
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

std::string count_of(std::int64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

void line(std::string& out, const char* name, const std::string& text) {
  out += fmt::format("  {:<12} {}\n", name, text);
}

std::string rough(Duration span) {
  if (span >= Duration::days(2)) return fmt::format("{} days", span / Duration::days(1));
  if (span >= Duration::hours(2)) return fmt::format("{} hours", span / Duration::hours(1));
  if (span >= Duration::minutes(2)) return fmt::format("{} minutes", span / Duration::minutes(1));
  return fmt::format("{} s", std::max<std::int64_t>(0, span / Duration::seconds(1)));
}

constexpr Duration stale_after = Duration::minutes(5);
constexpr Duration ahead_max = Duration::minutes(1);  // of stored times before the clock

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
  if (q.open_sequence_gaps > 0) why.push_back(count_of(q.open_sequence_gaps, "hole", "holes") + " open");
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
    line(out, "",
         fmt::format("{} by stream, {} by REST, {} imported; {} late", grouped(t.from_stream), grouped(t.from_rest),
                     grouped(t.imported), grouped(t.late)));
    line(out, "duplicates", "not recorded; a running daemon counts them in /metrics");
  }
  if (t.first_id) {
    line(out, "ids",
         fmt::format("{} to {}: {} of {} stored, {}", *t.first_id, *t.last_id, grouped(t.count - t.without_id),
                     grouped(id_span(t)), percent(t.count - t.without_id, id_span(t))));
  }
  if (t.without_id > 0)
    line(out, "without id",
         fmt::format("{} trades: nothing proves that none is missing among them", grouped(t.without_id)));
  if (q.trades_pruned_before) line(out, "pruned", pruned_text("trades", *q.trades_pruned_before, q.trades_older));
  if (q.features_pruned_before)
    line(out, "pruned", pruned_text("feature rows", *q.features_pruned_before, q.features_older));
  for (std::size_t i = 0; i < std::min(lines_max, t.missing.size()); ++i) {
    const store::MissingIds& m = t.missing[i];
    line(out, "missing",
         fmt::format("ids {} to {} ({}), {}", m.first_id, m.last_id, grouped(m.last_id - m.first_id + 1),
                     m.before ? span(m.after, m.before) : "after " + to_iso8601(m.after)));
  }
  const auto left = t.missing_runs - static_cast<std::int64_t>(std::min(lines_max, t.missing.size()));
  if (left > 0) line(out, "", fmt::format("and {} more runs of ids", grouped(left)));
  line(out, "holes", fmt::format("{} open, {} filled", grouped(q.open_sequence_gaps), grouped(q.filled_sequence_gaps)));
}

void candles_text(std::string& out, const store::MarketQuality& q) {
  const store::CandleQuality& c = q.candles;
  const std::int64_t all = candle_span(c);
  line(out, "candles",
       all == 0
           ? "none"
           : fmt::format("{} of {}, {}", grouped(all - c.absent), to_text(q.market.interval), span(c.first, c.last)));
  if (all == 0) return;
  line(out, "",
       fmt::format("{} traded, {} quiet, {} gap ({}), {} not there", percent(c.traded, all), percent(c.quiet, all),
                   percent(c.gap, all), grouped(c.gap), grouped(c.absent)));
  if (c.without_trades > 0) line(out, "", grouped(c.without_trades) + " imported as candles, without their trades");
  if (c.revised > 0) line(out, "", grouped(c.revised) + " revised");
  for (std::size_t i = 0; i < std::min(lines_max, c.missing.size()); ++i) {
    const store::MissingCandles& m = c.missing[i];
    line(out, m.stored_as_gap ? "gap" : "not there",
         fmt::format("{} ({})", span(m.from, m.to), count_of(m.candles, "candle", "candles")));
  }
  const auto left = c.missing_runs - static_cast<std::int64_t>(std::min(lines_max, c.missing.size()));
  if (left > 0) line(out, "", fmt::format("and {} more stretches", grouped(left)));
  line(out, "outliers",
       c.outliers == 0 ? "none beyond the robust band" : grouped(c.outliers) + " beyond the robust band; the worst:");
  for (const store::Outlier& o : c.worst) {
    line(out, "",
         fmt::format("{} moved {:.2f} %, {:.1f} times the band", to_iso8601(o.open_time), o.move * 100, o.times));
  }
}

std::string comparison_text(const Comparison& comparison) {
  if (!comparison.problem.empty()) return "not compared: " + comparison.problem;
  std::string text = count_of(comparison.compared, "candle", "candles") + " compared with the exchange's own, ";
  if (comparison.differ.empty()) return text + "all equal";
  text += grouped(static_cast<std::int64_t>(comparison.differ.size())) + " differ:";
  for (std::size_t i = 0; i < std::min(lines_max / 2, comparison.differ.size()); ++i)
    text += " " + to_iso8601(comparison.differ[i]);
  return text;
}

void write_trades(JsonWriter& json, const store::MarketQuality& q) {
  const store::TradeQuality& t = q.trades;
  json.begin_object()
      .member("count", t.count)
      .member("first", t.first)
      .member("last", t.last)
      .member("stream", t.from_stream);
  json.member("rest", t.from_rest)
      .member("imported", t.imported)
      .member("without_id", t.without_id)
      .member("late", t.late);
  json.member("duplicates", nullptr)
      .member("first_id", t.first_id)
      .member("last_id", t.last_id)
      .member("stored_ids", t.count - t.without_id);
  json.member("missing_ids", t.missing_ids)
      .member("missing_runs", t.missing_runs)
      .member("pruned_before", q.trades_pruned_before);
  json.key("missing").begin_array();
  for (const store::MissingIds& m : t.missing) {
    json.begin_object()
        .member("first_id", m.first_id)
        .member("last_id", m.last_id)
        .member("after", m.after)
        .member("before", m.before)
        .end_object();
  }
  json.end_array().end_object();
}

void write_candles(JsonWriter& json, const store::CandleQuality& c) {
  json.begin_object()
      .member("first", c.first)
      .member("last", c.last)
      .member("traded", c.traded)
      .member("quiet", c.quiet)
      .member("gap", c.gap);
  json.member("absent", c.absent)
      .member("without_trades", c.without_trades)
      .member("revised", c.revised)
      .key("missing")
      .begin_array();
  for (const store::MissingCandles& m : c.missing) {
    json.begin_object().member("from", m.from).member("to", m.to).member("candles", m.candles);
    json.member("state", m.stored_as_gap ? "gap" : "absent").end_object();
  }
  json.end_array().member("outliers", c.outliers).key("worst").begin_array();
  for (const store::Outlier& o : c.worst) {
    json.begin_object()
        .member("open_time", o.open_time)
        .key("move")
        .fixed(o.move, 6)
        .key("times")
        .fixed(o.times, 2)
        .end_object();
  }
  json.end_array().end_object();
}

}  // namespace

std::optional<Duration> ahead(const DataReport& report) {
  const store::MarketQuality& q = report.quality;
  const Timestamp newest = std::max(q.trades.last.value_or(Timestamp{}), q.candles.last.value_or(Timestamp{}));
  return newest - report.now > ahead_max ? std::optional(newest - report.now) : std::nullopt;
}

Comparison compare(const std::vector<Candle>& ours, const std::vector<Candle>& theirs) {
  Comparison comparison;
  for (const Candle& other : theirs) {
    const auto own = std::ranges::lower_bound(ours, other.open_time, {}, &Candle::open_time);
    if (own == ours.end() || own->open_time != other.open_time || own->state == CandleState::gap) continue;
    ++comparison.compared;
    const bool prices =
        own->open == other.open && own->high == other.high && own->low == other.low && own->close == other.close;
    const bool traded = own->state == other.state && (!own->trades_known || own->trades == other.trades);
    const Volume apart = std::max(own->volume, other.volume) - std::min(own->volume, other.volume);
    const bool volume = apart <= Volume::from_usual_units(std::max<std::int64_t>(1, other.trades));
    if (!prices || !traded || !volume) comparison.differ.push_back(other.open_time);
  }
  return comparison;
}

std::string text_of(const DataReport& report) {
  std::string out = fmt::format("{}: {}\n", report.quality.market.name(), verdict(report.quality));
  trades_text(out, report.quality);
  candles_text(out, report.quality);
  if (const std::optional<Duration> far = ahead(report)) {
    line(out, "newest",
         fmt::format("{} AHEAD of the clock: no trade can be of then, so its times are wrong (a time zone?)",
                     rough(*far)));
    line(out, "", "move the file away, and import again with the right times or start with candled --backfill 7d");
  } else if (const std::optional<Duration> old = age(report)) {
    line(
        out, "newest",
        fmt::format("{} old{}", rough(*old), *old > stale_after ? ": stale, unless this is a record of the past" : ""));
  }
  if (report.comparison) line(out, "exchange", comparison_text(*report.comparison));
  return out;
}

void write_json(JsonWriter& json, const DataReport& report) {
  const store::MarketQuality& q = report.quality;
  const std::optional<Duration> old = age(report);
  json.begin_object()
      .member("market", q.market.name())
      .member("interval", to_text(q.market.interval))
      .member("whole", q.whole());
  write_trades(json.key("trades"), q);
  write_candles(json.key("candles"), q.candles);
  json.key("holes")
      .begin_object()
      .member("open", q.open_sequence_gaps)
      .member("filled", q.filled_sequence_gaps)
      .end_object();
  json.member("features_pruned_before", q.features_pruned_before).member("trades_older", q.trades_older);
  json.member("features_older", q.features_older)
      .member("age_s", old ? std::optional(*old / Duration::seconds(1)) : std::nullopt);
  const std::optional<Duration> far = ahead(report);
  json.member("stale", old && *old > stale_after)
      .member("ahead_of_clock_s", far ? std::optional(*far / Duration::seconds(1)) : std::nullopt);
  if (report.comparison) {
    json.key("exchange")
        .begin_object()
        .member("compared", report.comparison->compared)
        .key("differ")
        .values(report.comparison->differ);
    json.member_or_null("problem", report.comparison->problem).end_object();
  }
  json.end_object();
}

}  // namespace candled::report
