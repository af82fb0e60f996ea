#include "store/record_merge.hpp"

#include <algorithm>
#include <utility>

#include "candled/domain/made_id.hpp"

namespace candled::store {
namespace {

constexpr std::int64_t rows_per_question = 16'384;  // about ten milliseconds
constexpr std::size_t first_rows = 16;
constexpr std::size_t growth = 4;

// Trades without ids up to the one returned are left out behind this last trade: they came too late for their candle, whose state says
// nothing of them, or they have smaller ids than the last.
std::int64_t last_made_id(const Connection& connection, std::int64_t market, std::int64_t last_trade_id) {
  if (last_trade_id < 0) return last_trade_id;
  Statement closed(connection,
                   "SELECT t.time - 3 * m.interval_ns FROM trade t JOIN market m ON m.id = t.market WHERE t.market = ? "
                   "AND t.trade_id = ?");
  closed.bind(market, last_trade_id);
  std::int64_t made = INT64_MIN;
  while (closed.next()) made = std::min<std::int64_t>(-1, made_id_from({closed.integer(0)}));
  return made;
}

}  // namespace

RecordMerge::RecordMerge(const Connection& connection, std::span<const std::int64_t> ids, RecordPlace after,
                         RecordStream::KeepGoing keep_going, MergeLimits limits)
    : keep_going_(std::move(keep_going)), limits_(limits), after_(after.sequence), reached_(after.sequence) {
  after.last_trade_ids.resize(ids.size(), INT64_MIN);
  const bool replaced = has_replaced_trades(connection);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto market = static_cast<MarketId>(i);
    sources_.push_back(trades_of(connection, market, ids[i], own_trade_ids));
    first_keys_.push_back(std::max<std::int64_t>(after.last_trade_ids[i], -1));
    sources_.push_back(trades_of(connection, market, ids[i], made_trade_ids));
    first_keys_.push_back(last_made_id(connection, ids[i], after.last_trade_ids[i]));
    if (replaced) {
      sources_.push_back(replaced_trades_of(connection, market, ids[i]));
      first_keys_.push_back(INT64_MIN);
    }
    sources_.push_back(sequence_gaps_of(connection, market, ids[i]));
    first_keys_.push_back(INT64_MIN);
    sources_.push_back(books_of(connection, market, ids[i]));
    first_keys_.push_back(INT64_MIN);
  }
  sources_.push_back(watermarks_of(connection, ids));
  sources_.push_back(pauses(connection));
  sources_.push_back(model_swaps(connection));
  first_keys_.resize(sources_.size(), INT64_MIN);
  pages_.resize(sources_.size() + limits_.spare_pages);
}

bool RecordMerge::is_later(const Due& a, const Due& b) {
  return a.sequence != b.sequence ? a.sequence > b.sequence : a.run > b.run;
}

std::optional<RecordedEvent> RecordMerge::next() {
  while (!stopped_) {
    const bool known = found_ && !due_.empty() && (!left_out_ || due_.front().sequence <= *left_out_);
    if (!known) {
      if (found_ && !left_out_) return std::nullopt;
      stopped_ = !find_runs();
      continue;
    }
    std::ranges::pop_heap(due_, is_later);
    const std::size_t number = due_.back().run;
    due_.pop_back();
    Run& run = runs_[number];
    if (!run.page && !read_page(number)) continue;
    Page& page = pages_[*run.page];
    reached_ = page.front().event.event.sequence;
    RecordedEvent event = std::move(page.rows[page.at].event);
    run.next_key = page.front().key;
    if (++page.at < page.rows.size()) {
      push_due(number);
      return event;
    }
    page.run.reset();
    run.page.reset();
    if (run.next_key < run.last_key) {
      ++run.next_key;
      if (read_page(number)) push_due(number);
    }
    return event;
  }
  return std::nullopt;
}

// Of the rows that have not been given yet.
bool RecordMerge::find_runs() {
  runs_.clear();
  due_.clear();
  for (Page& page : pages_) page.run.reset();
  left_out_.reset();
  after_ = reached_;
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (!sources_[source].is_ordered() && !find_runs_of(source)) return false;
  }
  for (std::size_t source = 0; source < sources_.size(); ++source) {
    if (sources_[source].is_ordered())
      runs_.push_back({.source = source, .next_key = INT64_MIN, .last_key = INT64_MAX, .first_sequence = 0});
  }
  found_ = true;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (!sources_[runs_[i].source].is_ordered()) {
      due_.push_back({runs_[i].first_sequence, i});
    } else if (read_page(i)) {
      due_.push_back({pages_[*runs_[i].page].front().event.event.sequence, i});
    }
  }
  std::ranges::make_heap(due_, is_later);
  note_rows();
  return true;
}

bool RecordMerge::find_runs_of(std::size_t source) {
  std::optional<Run> run;
  std::int64_t last_sequence = 0;
  bool going = true;
  sources_[source].each_key(first_keys_[source], after_, [&](std::int64_t key, std::int64_t sequence) {
    if (!run || sequence < last_sequence) {
      if (run) keep(*run);
      run = Run{.source = source, .next_key = key, .last_key = key, .first_sequence = sequence};
    }
    run->last_key = key;
    last_sequence = sequence;
    if (++rows_seen_ % rows_per_question == 0 && keep_going_) going = keep_going_(rows_seen_);
    return going;
  });
  if (run && going) keep(*run);
  return going;
}

void RecordMerge::keep(const Run& run) {
  const auto begins_first = [](const Run& a, const Run& b) { return a.first_sequence < b.first_sequence; };
  runs_.push_back(run);
  std::ranges::push_heap(runs_, begins_first);
  if (runs_.size() <= limits_.runs_max) return;
  std::ranges::pop_heap(runs_, begins_first);
  left_out_ = std::min(left_out_.value_or(INT64_MAX), runs_.back().first_sequence);
  runs_.pop_back();
}

// Reads what follows in the run; false at its end.
bool RecordMerge::read_page(std::size_t number) {
  Run& run = runs_[number];
  const std::size_t at = free_page();
  Page& page = pages_[at];
  page.rows.clear();
  page.at = 0;
  run.rows_wanted = std::min(std::max(run.rows_wanted * growth, first_rows), limits_.rows_per_page);
  sources_[run.source].read(run.next_key, run.last_key, after_, run.rows_wanted, page.rows);
  if (page.rows.empty()) return false;
  page.run = number;
  run.page = at;
  note_rows();
  return true;
}

// A free page; where none is, that of the run whose next number is the highest.
std::size_t RecordMerge::free_page() {
  std::size_t last = 0;
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (!pages_[i].run) return i;
    if (pages_[i].front().event.event.sequence > pages_[last].front().event.event.sequence) last = i;
  }
  Run& run = runs_[*pages_[last].run];
  run.next_key = pages_[last].front().key;
  run.page.reset();
  run.rows_wanted = 0;
  pages_[last].run.reset();
  return last;
}

void RecordMerge::push_due(std::size_t number) {
  due_.push_back({pages_[*runs_[number].page].front().event.event.sequence, number});
  std::ranges::push_heap(due_, is_later);
}

void RecordMerge::note_rows() {
  std::size_t held = runs_.size();
  for (const Page& page : pages_) held += page.rows.size();
  rows_held_max_ = std::max(rows_held_max_, held);
}

}  // namespace candled::store
