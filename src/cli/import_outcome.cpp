#include "cli/import_outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace candled::cli {
namespace {

std::string span_text(const std::optional<Timestamp>& from, const std::optional<Timestamp>& to) {
  return from && to ? fmt::format("{} to {}", to_iso8601(*from), to_iso8601(*to)) : std::string("none");
}

// Of trades and candles together; the first of the trades, where there is one.
files::Contradictions contradictions_of(const ImportOutcome& o) {
  const files::Contradictions &trades = o.contradicting_trades, &candles = o.candles.contradictions;
  return {trades.rows + candles.rows, trades.rows > 0 ? trades.first : candles.first};
}
std::optional<std::string> first_contradiction(const ImportOutcome& o) {
  const files::Contradictions found = contradictions_of(o);
  return found.rows > 0 ? std::optional(found.first) : std::nullopt;
}

}  // namespace

void print_text(const Market& market, const ImportOutcome& o, const RejectsFile& rejects) {
  fmt::print("{}: {} rows from {} files in {:.1f} s\n", market.name(), o.read.rows, o.read.files, o.seconds);
  for (const files::FormatCount& format : o.read.formats)
    fmt::print("  {:<30} {:>6} files {:>12} rows\n", format.format, format.files, format.rows);
  const std::int64_t without_rows = o.read.passed_over - o.read.of_other_markets;
  if (without_rows > 0) fmt::print("  {:<30} {:>6} files\n", "neither trades nor candles", without_rows);
  if (o.read.of_other_markets > 0)
    fmt::print("  {:<30} {:>6} files\n", "of other pairs or intervals", o.read.of_other_markets);
  if (o.read.rows_of_other_markets > 0)
    fmt::print("  {:<30} {:>18} {:>7} rows\n", "of other markets", "", o.read.rows_of_other_markets);
  if (o.read.trade_ids) {
    fmt::print("trades   {} new, {} stored already, {}\n", o.trades.added, o.trades.stored_already,
               span_text(o.read.trades_from, o.read.trades_to));
    if (o.trades.candles > 0)
      fmt::print("         {} candles made of them, {} of them gaps\n", o.trades.candles, o.trades.gap_candles);
    if (o.trades.sequence_gaps > 0) fmt::print("         {} holes in their ids, recorded\n", o.trades.sequence_gaps);
    if (o.trades.candles_revised > 0) fmt::print("         {} candles of the past revised\n", o.trades.candles_revised);
    if (o.trades.pruned_once > 0)
      fmt::print(
          "         {} are of a time whose trades were pruned on purpose: candles stay as they are there, and "
          "keep_trades, where it is set, lets them go again\n",
          o.trades.pruned_once);
    if (o.trades.covered > 0)
      fmt::print("         {} without ids left out: trades with ids are stored of their time\n", o.trades.covered);
    if (o.trades.replaced > 0) fmt::print("         {} stored ones without ids gave way to these\n", o.trades.replaced);
  }
  if (o.read.candles > 0) {
    fmt::print("candles  {} new ({} traded, {} quiet, {} gap), {} stored already, {}\n", o.candles.added,
               o.candles.traded, o.candles.quiet, o.candles.gap, o.candles.stored_already,
               span_text(o.read.candles_from, o.read.candles_to));
    if (o.candles.gaps_filled > 0) fmt::print("         {} stored gaps are candles now\n", o.candles.gaps_filled);
  }
  if (o.read.repeated > 0) fmt::print("repeated rows {}, each taken once\n", o.read.repeated);
  if (o.read.conflicting > 0)
    fmt::print("conflicting rows {}: same id or time, other content; the first one counts\n", o.read.conflicting);
  if (const files::Contradictions found = contradictions_of(o); found.rows > 0) {
    fmt::print("WARN     {} {} what is stored, which stays; the first: {}\n", found.rows,
               found.rows == 1 ? "row contradicts" : "rows contradict", found.first);
  }
  if (o.read.void_rows > 0) fmt::print("void rows {}: declared invalid by the exchange\n", o.read.void_rows);
  if (o.read.rejected == 0) return;
  fmt::print("rejected {} rows, in {}:\n", o.read.rejected, rejects.path().string());
  for (const auto& [why, reason] : rejects.reasons())
    fmt::print("  {:>8}  {} (the first: {})\n", reason.rows, why, reason.first);
}

void write_json(JsonWriter& json, const Market& market, const ImportOutcome& o, const RejectsFile& rejects) {
  const auto first = [&](std::string_view name) -> JsonWriter& { return json.key(name).space(" "); };
  const auto key = [&](std::string_view name) -> JsonWriter& { return json.space(" ").key(name).space(" "); };
  const auto line = [&](std::string_view name) -> JsonWriter& { return json.space("\n ").key(name).space(" "); };
  json.begin_object();
  first("market").value(market.name());
  key("seconds").fixed(o.seconds, 3);
  key("files").value(o.read.files);
  key("passed_over").value(o.read.passed_over);
  key("of_other_markets").value(o.read.of_other_markets);
  key("rows").value(o.read.rows);
  key("rows_of_other_markets").value(o.read.rows_of_other_markets);
  key("rejected").value(o.read.rejected);
  key("rejects").value(o.read.rejected > 0 ? std::optional(rejects.path().string()) : std::nullopt);
  key("repeated").value(o.read.repeated);
  key("conflicting").value(o.read.conflicting);
  key("void").value(o.read.void_rows);
  key("contradicting").value(contradictions_of(o).rows);
  key("first_contradiction").value(first_contradiction(o));
  key("formats").begin_array();
  for (const files::FormatCount& format : o.read.formats) {
    json.space(&format == &o.read.formats.front() ? "" : " ").begin_object();
    first("format").value(format.format);
    key("files").value(format.files);
    key("rows").value(format.rows);
    json.end_object();
  }
  json.end_array();
  line("trades").begin_object();
  first("new").value(o.trades.added);
  key("stored_already").value(o.trades.stored_already);
  key("from").value(o.read.trades_from);
  key("to").value(o.read.trades_to);
  key("candles").value(o.trades.candles);
  key("gap_candles").value(o.trades.gap_candles);
  key("holes").value(o.trades.sequence_gaps);
  key("candles_revised").value(o.trades.candles_revised);
  key("covered").value(o.trades.covered);
  key("replaced").value(o.trades.replaced);
  key("pruned_once").value(o.trades.pruned_once);
  json.end_object();
  line("candles").begin_object();
  first("new").value(o.candles.added);
  key("traded").value(o.candles.traded);
  key("quiet").value(o.candles.quiet);
  key("gap").value(o.candles.gap);
  key("gaps_filled").value(o.candles.gaps_filled);
  key("stored_already").value(o.candles.stored_already);
  key("from").value(o.read.candles_from);
  key("to").value(o.read.candles_to);
  json.end_object().end_object();
}

std::string line_of(const ImportOutcome& o) {
  const std::optional<Timestamp>&a = o.read.trades_from, &b = o.read.candles_from, &c = o.read.trades_to,
        &d = o.read.candles_to;
  std::string text =
      fmt::format("{} rows, {}", o.read.rows, span_text(a && b ? std::min(a, b) : (a ? a : b), std::max(c, d)));
  if (o.read.trade_ids)
    text += fmt::format(": {} trades new, {} stored already", o.trades.added, o.trades.stored_already);
  if (o.read.candles > 0) {
    text += fmt::format("{} {} candles new, {} stored already", o.read.trade_ids ? "," : ":",
                        o.candles.added + o.candles.gaps_filled, o.candles.stored_already);
  }
  if (o.read.rejected > 0) text += fmt::format(", {} rejected", o.read.rejected);
  if (const files::Contradictions found = contradictions_of(o); found.rows > 0)
    text += fmt::format(", {} contradict what is stored (the first: {})", found.rows, found.first);
  return text;
}

}  // namespace candled::cli
