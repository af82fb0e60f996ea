// HistoryWalk: the trades of one market over REST from a time on, past what is stored, and then the sequence gaps.
#pragma once

#include <functional>
#include <optional>

#include "candled/ingest/history.hpp"
#include "ingest/outlet.hpp"
#include "ingest/pager.hpp"
#include "ingest/rest_session.hpp"

namespace candled::ingest {

class HistoryWalk {
 public:
  // Dependencies, not owned; progress is called between pages.
  HistoryWalk(RestSession& session, const Market& market, const HistoryRequest& request, flow::Sender& out,
              flow::Log& log, flow::World& world, const std::function<void(const HistoryProgress&)>& progress);

  net::Task<void> run();
  const HistoryReport& report() const { return report_; }

 private:
  net::Task<bool> fetch_range();
  net::Task<bool> fill_sequence_gaps();
  net::Task<bool> fill(const SequenceGap& sequence_gap);
  net::Task<bool> fill_by_time(const SequenceGap& sequence_gap);
  bool note_walked(const IdRange& ids);
  void push_filled(const IdRange& came, Timestamp until);

  const StoredRange* range_ahead() const;
  const StoredRange* range_with(std::int64_t id) const;
  PageStart walk_start();
  bool push_page(const Pager::Step& step);
  void begin_with(const Trade& first);
  void push_sequence_gap(const IdRange& missing);
  void record_jumps();
  bool repeats(const Pager::Step& step);
  void tell();

  RestSession& session_;
  const Market& market_;
  const HistoryRequest& request_;
  Outlet outlet_;
  flow::Log& log_;
  flow::World& world_;
  const std::function<void(const HistoryProgress&)>& progress_;

  TradesPage page_;
  std::optional<std::int64_t> first_id_;  // first trade walked over
  std::optional<std::int64_t> last_id_;   // last trade walked over, fetched or stored
  Timestamp walked_to_;                   // and its time
  std::vector<IdRange> missing_;          // that this walk could not get
  Duration started_;
  HistoryReport report_;
};

}  // namespace candled::ingest
