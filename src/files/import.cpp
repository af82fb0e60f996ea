// Reading: which files, what each of them is, and each row into its sorter or into the report of refused rows.
#include "candled/files/import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "files/archive_reader.hpp"
#include "files/candle_stream.hpp"
#include "files/column_watch.hpp"
#include "files/file_list.hpp"
#include "files/header_layout.hpp"
#include "files/line_reader.hpp"
#include "files/name_hint.hpp"
#include "files/numbered_runs.hpp"
#include "files/packed_kind.hpp"
#include "files/refused_rows.hpp"
#include "files/row_reader.hpp"
#include "files/sniff.hpp"
#include "files/symbol_column.hpp"
#include "files/trade_merge.hpp"

namespace candled::files {
namespace {

constexpr Duration future_max = Duration::minutes(1);
constexpr std::size_t sample_lines = 500;
constexpr std::int64_t rows_per_look = 8'192;  // between two looks at progress and stop
constexpr std::size_t shown_bytes = 200;
constexpr const char* spreadsheet_member = "[Content_Types].xml";

std::string printable(std::string_view text) {
  std::string shown(text.substr(0, shown_bytes));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f; }, '?');
  return shown;
}

std::string some_of(std::vector<std::string> names) {
  constexpr std::size_t shown_max = 20;
  const std::size_t more = names.size() - std::min(names.size(), shown_max);
  names.resize(names.size() - more);
  return fmt::format("{}{}", fmt::join(names, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

class ImportedRows::Implementation {
 public:
  explicit Implementation(const ImportSettings& settings)
      : numbered_trades(settings.spill_folder, settings.rows_in_memory_max),
        made_trades(settings.spill_folder, settings.rows_in_memory_max),
        candles(settings.spill_folder, settings.rows_in_memory_max / 2),
        candle_stream(candles, settings.market.interval) {}

  ImportSummary summary;
  std::vector<std::string> names;                                // of the files, by number
  RowSorter<TradeRow, TradeOrder> numbered_trades, made_trades;  // with ids of the exchange, and with made ones
  RowSorter<CandleRow, CandleOrder> candles;
  std::map<std::uint32_t, std::int64_t> candles_of_file;
  std::optional<TradeMerge> trades;
  CandleStream candle_stream;
};

ImportedRows::ImportedRows() = default;
ImportedRows::~ImportedRows() = default;
ImportedRows::ImportedRows(ImportedRows&&) noexcept = default;

const ImportSummary& ImportedRows::summary() const { return implementation->summary; }
Result<bool> ImportedRows::next(Trade& trade) {
  if (!implementation->trades) return false;
  return implementation->trades->next(trade, [](const TradeRow&, const char*) {});
}
std::uint32_t ImportedRows::file_of_trade() const {
  return implementation->trades ? implementation->trades->row().file : 0;
}
std::string ImportedRows::place() const {
  const TradeRow& row = implementation->trades->row();
  return fmt::format("{}:{}", implementation->names[row.file], row.line);
}
Result<void> ImportedRows::rewind() {
  if (implementation->trades) {
    if (Result<void> rewound = implementation->trades->rewind([](const TradeRow&, const char*) {}); !rewound)
      return rewound;
  }
  return implementation->candle_stream.rewind();
}
Result<bool> ImportedRows::next(Candle& candle) { return implementation->candle_stream.next(candle); }

namespace {

class Reading {
 public:
  Reading(const ImportSettings& settings, ImportedRows::Implementation& rows,
          const std::function<void(const RejectedRow&)>& rejected,
          const std::function<void(const ImportProgress&)>& progress, const std::function<bool()>& stopped)
      : settings_(settings),
        rows_(rows),
        rejected_(rejected),
        progress_(progress),
        stopped_(stopped),
        market_name_(settings.market.name()),
        context_{market_name_, settings.now + future_max, settings.now},
        symbols_(settings.market) {}

  Result<void> read_all();
  Result<void> settle();

 private:
  Result<void> read_file(const ListedFile& file);
  bool is_chosen(const ListedFile& file) const;
  bool passes_over(const ListedFile& file, const std::string& member);
  std::unexpected<Error> no_files() const;
  std::unexpected<Error> no_rows() const;
  Result<void> read_member(ArchiveReader& archive, const std::string& name, const std::string& own_name);
  Result<void> read_rows(LineReader& lines, const Layout& layout);
  Verdict take(const TradeLayout& layout, const Fields& fields, std::int64_t line);
  Verdict take(const CandleLayout& layout, const Fields& fields, std::int64_t line);
  Verdict take(const IgnoredLayout&, const Fields&, std::int64_t) { return nullptr; }
  Result<void> read_row(const Layout& layout, const LineReader::Line& line);
  std::string future_of(const Layout& layout, const Fields& fields, Verdict wrong) const;
  void note_refused(const Layout& layout, const Fields& fields, std::int64_t line);
  void note_unknown(const Layout& layout, RefusedRows::Span span, std::int64_t line);
  void keep_unknown(const CandleLayout& layout, RefusedRows::Span span, std::int64_t line);
  Result<void> note_format(const Layout& layout, const std::string& file);
  void note_ids_of(std::string_view exchange, const std::string& file);
  Result<void> check_kinds(const Layout& layout, const std::string& file);
  void reject(const std::string& file, std::int64_t line, const char* why, std::string_view text,
              std::string detail = {});
  Result<void> check_rejected() const;
  Result<void> check_one_market() const;
  Result<void> look(std::int64_t bytes);

  const ImportSettings& settings_;
  ImportedRows::Implementation& rows_;
  const std::function<void(const RejectedRow&)>& rejected_;
  const std::function<void(const ImportProgress&)>& progress_;
  const std::function<bool()>& stopped_;
  const std::string market_name_;
  const RowContext context_;
  std::set<std::string> others_;  // pairs and intervals of files that were passed over
  std::int64_t bytes_all_ = 0, bytes_done_ = 0;
  std::size_t format_ = 0;  // of the file at hand
  Result<void> kept_;       // the sorter's last word
  Timestamp row_time_;      // of the row that was taken last
  RefusedRows refused_;     // of the file at hand
  SymbolFilter symbols_;
  std::optional<ColumnWatch> watch_;  // of the file at hand
  Result<void> apart_;                // its last word
};

Result<void> Reading::read_all() {
  const Result<std::vector<ListedFile>> files = list_files(settings_.paths);
  if (!files) return std::unexpected(files.error());
  for (const ListedFile& file : *files) bytes_all_ += is_chosen(file) ? file.bytes : 0;
  for (const ListedFile& file : *files) {
    if (!is_chosen(file)) continue;
    if (file.passed_over) {
      ++rows_.summary.passed_over;
      continue;
    }
    if (file.path == file.given || !settings_.only.empty() || !passes_over(file, "")) {
      if (Result<void> read = read_file(file); !read) return read;
    }
    bytes_done_ += file.bytes;
  }
  if (rows_.summary.files == 0) return no_files();
  const ImportSummary& s = rows_.summary;
  if (s.rows_of_other_markets > 0 && s.rows_of_other_markets == s.rows) return no_rows();
  return {};
}

std::unexpected<Error> Reading::no_rows() const {
  std::vector<std::string> names;
  for (const auto& [name, rows] : symbols_.others()) names.push_back(name);
  return refuse(fmt::format("{}: no row of {}; there are rows of {}", settings_.paths.front().string(),
                            settings_.market.symbol, some_of(std::move(names))));
}

// Whether anything of the file was chosen before.
bool Reading::is_chosen(const ListedFile& file) const {
  if (settings_.only.empty()) return true;
  const auto at = std::ranges::lower_bound(settings_.only, file.path, {}, &Member::file);
  return at != settings_.only.end() && at->file == file.path;
}

std::unexpected<Error> Reading::no_files() const {
  const std::string path = settings_.paths.front().string();
  if (others_.empty()) return refuse(fmt::format("{}: no file with trades or candles", path));
  return refuse(fmt::format("{}: no file of {} with candles of at most {}; by their names there are {}", path,
                            settings_.market.symbol, to_text(settings_.market.interval),
                            some_of({others_.begin(), others_.end()})));
}

// By the name of a file of a folder, or of a member: it is of another pair, or of candles that do not fit into the market's. What the
// user named himself is meant as it is.
bool Reading::passes_over(const ListedFile& file, const std::string& member) {
  if (!settings_.only.empty()) return !std::ranges::binary_search(settings_.only, Member{file.path, member});
  constexpr std::size_t others_max = 10'000;
  const std::filesystem::path named = file.given.has_filename() ? file.given : file.given.parent_path();
  const NameHint given = hint_of(named.filename().string(), settings_.market.symbol);
  std::string within = file.path == file.given ? "" : file.path.lexically_relative(file.given).string();
  if (!member.empty()) within += "/" + member;
  const NameHint hint = hint_of(within, settings_.market.symbol);
  const Duration wanted = settings_.market.interval;
  const bool other_pair =
      !hint.pair.empty() && hint.pair != given.pair && !same_market(hint.pair, settings_.market.symbol);
  const bool other_interval = hint.interval && hint.interval != given.interval && wanted.ns % hint.interval->ns != 0;
  if (!other_pair && !other_interval) return false;
  ++rows_.summary.passed_over;
  ++rows_.summary.of_other_markets;
  if (others_.size() < others_max) others_.insert(to_text(hint));
  return true;
}

Result<void> Reading::read_file(const ListedFile& file) {
  Result<ArchiveReader> archive = ArchiveReader::open(file.path);
  if (!archive) return std::unexpected(archive.error());
  const std::int64_t before = rows_.summary.files + rows_.summary.passed_over;
  for (;;) {
    Result<std::optional<std::string>> member = archive->next_member();
    if (!member) return std::unexpected(member.error());
    if (!*member) break;
    const std::string name =
        archive->holds_several() ? fmt::format("{}:{}", file.path.string(), **member) : file.path.string();
    if (archive->holds_several() && member->value() == spreadsheet_member)
      return refuse(fmt::format("{}: is a spreadsheet: save it as CSV there", file.path.string()));
    if (archive->holds_several() && !may_hold_rows(**member)) {
      ++rows_.summary.passed_over;
      continue;
    }
    if (archive->holds_several() && passes_over(file, **member)) continue;
    if (Result<void> read = read_member(*archive, name, archive->holds_several() ? **member : name); !read) return read;
  }
  if (rows_.summary.files + rows_.summary.passed_over == before)
    return refuse(fmt::format("{}: is empty", file.path.string()));
  return {};
}

// What its own name tells of day and interval counts, and not that of the archive around it.
Result<void> Reading::read_member(ArchiveReader& archive, const std::string& name, const std::string& own_name) {
  LineReader lines(archive);
  Sample sample{own_name, {}, settings_.day};
  const Result<bool> text = lines.peek(sample_lines, sample.lines);
  if (!text) return std::unexpected(text.error());
  const bool is_empty = sample.lines.empty() && *text;
  const std::string front(lines.front().substr(0, 512));
  if (is_empty && !archive.holds_several()) return refuse(fmt::format("{}: is empty", name));
  Result<Layout> layout = sniff(sample, settings_.market, settings_.candle_interval);
  // What else lies in an archive: a read-me, an empty member.
  if (archive.holds_several() && (is_empty || (!layout && name.ends_with(".txt")))) {
    ++rows_.summary.passed_over;
    return {};
  }
  if (!*text) layout = refuse("is no text of lines, so no CSV");
  // An archive may hold a text that looks like rows; rows may begin like a web page or JSON.
  const std::string kind = packed_kind(front, name, archive.holds_several());
  if (!kind.empty() && (!layout || front.find_first_of("<{[") != 0)) layout = refuse(kind);
  if (!layout) return refuse(fmt::format("{}: {}", name, layout.error().message));
  if (std::holds_alternative<IgnoredLayout>(layout->rows)) {
    ++rows_.summary.passed_over;
    return {};
  }
  if (Result<void> noted = note_format(*layout, name); !noted) return noted;
  rows_.names.push_back(name);
  ++rows_.summary.files;
  if (Result<void> read = read_rows(lines, *layout); !read) return read;
  return look(archive.consumed_bytes());
}

Result<void> Reading::note_format(const Layout& layout, const std::string& file) {
  if (Result<void> checked = check_kinds(layout, file); !checked) return checked;
  std::vector<FormatCount>& formats = rows_.summary.formats;
  const auto known = std::ranges::find(formats, layout.format, &FormatCount::format);
  format_ = static_cast<std::size_t>(known - formats.begin());
  if (known == formats.end()) formats.push_back({layout.format});
  ++formats[format_].files;
  return {};
}

// Ids of another exchange would make the market's own trades look stored already.
void Reading::note_ids_of(std::string_view exchange, const std::string& file) {
  std::optional<ForeignIds>& foreign = rows_.summary.foreign_ids;
  if (!foreign && !exchange.empty() && exchange != settings_.market.exchange)
    foreign = ForeignIds{file, std::string(exchange)};
}

Result<void> Reading::check_kinds(const Layout& layout, const std::string& file) {
  if (const auto* trades = std::get_if<TradeLayout>(&layout.rows)) {
    std::optional<TradeIds>& ids = rows_.summary.trade_ids;
    if (ids && *ids != trades->ids) {
      return refuse(fmt::format(
          "{}: its trades are numbered in another way than those of the files before it (single, aggregate, or not at "
          "all): import them one after the other, into markets of their own where they overlap",
          file));
    }
    ids = trades->ids;
    note_ids_of(layout.ids_of, file);
  }
  if (const auto* candles = std::get_if<CandleLayout>(&layout.rows)) {
    const Duration wanted = settings_.market.interval;
    if (candles->candle_interval > wanted) {
      return refuse(fmt::format("{}: its candles last {}, those of {} {}: longer ones cannot be split", file,
                                to_text(candles->candle_interval), market_name_, to_text(wanted)));
    }
    if (candles->candle_interval.ns <= 0 || wanted.ns % candles->candle_interval.ns != 0) {
      return refuse(
          fmt::format("{}: {} candles do not fill {} ones", file, to_text(candles->candle_interval), to_text(wanted)));
    }
  }
  return {};
}

Verdict Reading::take(const TradeLayout& layout, const Fields& fields, std::int64_t line) {
  TradeRow row;
  if (const Verdict wrong = read_trade(layout, fields, context_, row.trade)) return wrong;
  if (layout.ids == TradeIds::made) row.trade.id = made_id_from(row.trade.time);
  row.exported = layout.source != none;
  row_time_ = row.trade.time;
  row.file = static_cast<std::uint32_t>(rows_.names.size() - 1);
  row.line = static_cast<std::uint32_t>(line);
  kept_ = (row.trade.id < 0 ? rows_.made_trades : rows_.numbered_trades).add(row);
  return nullptr;
}

Verdict Reading::take(const CandleLayout& layout, const Fields& fields, std::int64_t line) {
  CandleRow row;
  if (const Verdict wrong = read_candle(layout, fields, context_, row.row)) return wrong;
  row_time_ = row.row.candle.open_time;
  row.file = static_cast<std::uint32_t>(rows_.names.size() - 1);
  row.line = static_cast<std::uint32_t>(line);
  kept_ = rows_.candles.add(row);
  ++rows_.candles_of_file[row.file];
  return nullptr;
}

Result<void> Reading::read_rows(LineReader& lines, const Layout& layout) {
  ImportSummary& summary = rows_.summary;
  refused_.begin_file();
  watch_.emplace(layout);
  LineReader::Line line;
  for (;;) {
    const Result<bool> more = lines.next(line);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    if (line.number <= static_cast<std::int64_t>(layout.header_lines) || line.text.empty()) continue;
    if (line.number == 1 && line.text.starts_with("\xEF\xBB\xBF")) line.text.remove_prefix(3);
    if (line.number > UINT32_MAX) return refuse(fmt::format("{}: more than {} lines", rows_.names.back(), UINT32_MAX));
    ++summary.rows;
    if (Result<void> read = read_row(layout, line); !read) return read;
    if (!apart_) return refuse(fmt::format("{}: {}", rows_.names.back(), apart_.error().message));
    if (summary.rows % rows_per_look == 0) {
      if (Result<void> looked = look(0); !looked) return looked;
    }
  }
  if (const Result<void> settled = watch_->settle(); !settled)
    return refuse(fmt::format("{}: {}", rows_.names.back(), settled.error().message));
  if (const std::optional<RefusedRows::Span> span = refused_.end_file()) note_unknown(layout, *span, line.number);
  return kept_;
}

Result<void> Reading::read_row(const Layout& layout, const LineReader::Line& line) {
  ImportSummary& summary = rows_.summary;
  const Fields fields(line.text);
  Verdict wrong = nullptr;
  if (line.too_long) {
    wrong = "the line is too long";
  } else if (fields.count() != layout.columns) {
    wrong = "wrong number of columns";
  } else {
    wrong = symbols_.is_ours(layout.symbols, fields)
                ? std::visit([&](const auto& rows) { return take(rows, fields, line.number); }, layout.rows)
                : of_other_market;
    if (!kept_) return kept_;
  }
  if (wrong == of_other_market) {
    ++summary.rows_of_other_markets;
    if (layout.symbols.symbol == none) symbols_.note_other(fields[0]);  // our own export begins with the market
  } else if (wrong == declared_void) {
    ++summary.void_rows;
  } else if (wrong != nullptr) {
    reject(rows_.names.back(), line.number, wrong, line.text, future_of(layout, fields, wrong));
    if (wrong != not_ended) note_refused(layout, fields, line.number);  // nothing of it is told yet
  } else {
    ++summary.formats[format_].rows;
    apart_ = watch_->take(fields);
    if (const std::optional<RefusedRows::Span> span = refused_.taken(row_time_))
      note_unknown(layout, *span, line.number);
  }
  return kept_;
}

// "2027-01-01T00:00:00Z, now is 2026-11-29T18:00:00Z": of a candle that has not ended, its end.
std::string Reading::future_of(const Layout& layout, const Fields& fields, Verdict wrong) const {
  if (wrong != in_the_future && wrong != not_ended) return "";
  const RowContext any{market_name_, Timestamp{INT64_MAX}, settings_.now};
  std::optional<Timestamp> time;
  if (const auto* trades = std::get_if<TradeLayout>(&layout.rows)) time = time_in_row(*trades, fields, any);
  if (const auto* candles = std::get_if<CandleLayout>(&layout.rows)) {
    time = time_in_row(*candles, fields, any);
    if (time && wrong == not_ended) time = *time + candles->candle_interval;
  }
  return time ? fmt::format("{}, now is {}", to_iso8601(*time), to_iso8601(settings_.now)) : "";
}

// What stood in a refused row is not known: neither that there was something, nor that there was nothing.
void Reading::note_refused(const Layout& layout, const Fields& fields, std::int64_t line) {
  std::optional<Timestamp> time;
  if (const auto* trades = std::get_if<TradeLayout>(&layout.rows)) time = time_in_row(*trades, fields, context_);
  if (const auto* candles = std::get_if<CandleLayout>(&layout.rows)) time = time_in_row(*candles, fields, context_);
  if (!time) {
    refused_.refused_without_time();
    return;
  }
  if (const std::optional<RefusedRows::Span> span = refused_.taken(*time)) note_unknown(layout, *span, line);
  note_unknown(layout, {*time, *time}, line);
}

// Trades with ids need none of this: the id is missing.
void Reading::note_unknown(const Layout& layout, RefusedRows::Span span, std::int64_t line) {
  if (const auto* candles = std::get_if<CandleLayout>(&layout.rows)) return keep_unknown(*candles, span, line);
  const auto* trades = std::get_if<TradeLayout>(&layout.rows);
  if (trades != nullptr && (trades->ids == TradeIds::made || trades->source != none))
    rows_.summary.refused_trades.push_back(span.from);
}

// The candle of a time, or those between two rows.
void Reading::keep_unknown(const CandleLayout& layout, RefusedRows::Span span, std::int64_t line) {
  const Duration step = layout.candle_interval;
  if (span.to - span.from > believable_pause_max) return;  // nobody takes that for quiet
  CandleRow row;
  row.row = FileCandle{{}, step, layout.absence};
  row.row.candle.state = CandleState::gap;
  row.row.candle.trades_known = row.row.candle.buy_volume_known = false;
  row.file = static_cast<std::uint32_t>(rows_.names.size() - 1);
  row.line = static_cast<std::uint32_t>(line);
  row.unknown = true;
  for (Timestamp at = floor_to(span.from, step); at <= span.to && kept_; at = at + step) {
    row.row.candle.open_time = at;
    kept_ = rows_.candles.add(row);
  }
}

void Reading::reject(const std::string& file, std::int64_t line, const char* why, std::string_view text,
                     std::string detail) {
  ++rows_.summary.rejected;
  rejected_({file, line, why, std::move(detail), printable(text)});
}

Result<void> Reading::look(std::int64_t bytes) {
  if (stopped_()) return retry("stopped; nothing was imported");
  const double all = static_cast<double>(std::max<std::int64_t>(bytes_all_, 1));
  progress_({rows_.summary.rows, std::clamp(static_cast<double>(bytes_done_ + bytes) / all, 0.0, 1.0)});
  return {};
}

Result<void> Reading::check_rejected() const {
  const ImportSummary& s = rows_.summary;
  const double percent = s.rows > 0 ? 100.0 * static_cast<double>(s.rejected) / static_cast<double>(s.rows) : 0.0;
  if (percent <= settings_.rejected_percent_max) return {};
  return refuse(fmt::format("{} of {} rows can't be right ({:.2f} %, allowed are {:.2f} %): nothing was imported",
                            s.rejected, s.rows, percent, settings_.rejected_percent_max));
}

// A file whose candles contradict each other again and again is of several markets, or of several kinds of one.
Result<void> Reading::check_one_market() const {
  constexpr std::int64_t conflicts_percent_max = 20;
  for (const auto& [file, conflicts] : rows_.candle_stream.counts().conflicting_in_file) {
    const std::int64_t rows = rows_.candles_of_file.at(file);
    if (conflicts * 100 <= rows * conflicts_percent_max) continue;
    return refuse(
        fmt::format("{}: {} of its {} candles contradict earlier ones of the same time in it: rows of several "
                    "markets? Split it, e.g. with grep or awk, and import each part into its own market",
                    rows_.names[file], conflicts, rows));
  }
  return {};
}

// One pass over what is in order now: repetitions, contradictions, spans. Then both streams stand at their start again.
Result<void> Reading::settle() {
  if (Result<void> checked = check_rejected(); !checked) return checked;
  ImportSummary& s = rows_.summary;
  if (s.trade_ids) {
    const bool are_made_here = *s.trade_ids == TradeIds::made;
    TradeMerge& trades =
        rows_.trades.emplace(TradeStream(rows_.numbered_trades, false), TradeStream(rows_.made_trades, are_made_here));
    const auto refused = [&](const TradeRow& row, const char* why) {
      reject(rows_.names[row.file], row.line, why, fmt::format("trade {}", row.trade.id));
    };
    if (Result<void> rewound = trades.rewind(refused); !rewound) return rewound;
    NumberedRuns runs;
    Trade trade;
    for (;;) {
      const Result<bool> more = trades.next(trade, refused);
      if (!more) return std::unexpected(more.error());
      if (!*more) break;
      if (!s.trades_from || trade.time < *s.trades_from) s.trades_from = trade.time;
      if (!s.trades_to || trade.time > *s.trades_to) s.trades_to = trade.time;
      if (trade.id >= 0) runs.add(trade);
      ++s.trades;
    }
    s.numbered_runs = runs.take();
    std::ranges::sort(s.refused_trades);
    s.repeated += trades.counts().repeated;
    s.conflicting += trades.counts().conflicting;
    if (Result<void> rewound = trades.rewind([](const TradeRow&, const char*) {}); !rewound) return rewound;
  }
  if (Result<void> rewound = rows_.candle_stream.rewind(); !rewound) return rewound;
  Candle candle;
  for (;;) {
    const Result<bool> more = rows_.candle_stream.next(candle);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    if (!s.candles_from) s.candles_from = candle.open_time;
    s.candles_to = candle.open_time;
    ++s.candles;
  }
  s.repeated += rows_.candle_stream.counts().repeated;
  s.conflicting += rows_.candle_stream.counts().conflicting;
  if (Result<void> checked = check_one_market(); !checked) return checked;
  if (Result<void> rewound = rows_.candle_stream.rewind(); !rewound) return rewound;
  return check_rejected();
}

}  // namespace

Result<ImportedRows> read_import(const ImportSettings& settings,
                                 const std::function<void(const RejectedRow&)>& rejected,
                                 const std::function<void(const ImportProgress&)>& progress,
                                 const std::function<bool()>& stopped) {
  ImportedRows rows;
  rows.implementation = std::make_unique<ImportedRows::Implementation>(settings);
  Reading reading(settings, *rows.implementation, rejected, progress, stopped);
  if (Result<void> read = reading.read_all(); !read) return std::unexpected(read.error());
  if (Result<void> settled = reading.settle(); !settled) return std::unexpected(settled.error());
  return rows;
}

}  // namespace candled::files
