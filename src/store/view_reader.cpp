#include "candled/store/view_reader.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "candled/store/journal_writer.hpp"
#include "store/account_folds.hpp"
#include "store/candle_series.hpp"
#include "store/committed_events.hpp"
#include "store/equity_series.hpp"
#include "store/indicator_series.hpp"
#include "store/journal_summary.hpp"
#include "store/prediction_scores.hpp"
#include "store/trade_pages.hpp"
#include "store/view_pages.hpp"

namespace candled::store {

class ViewReader::Implementation {
 public:
  Implementation(const std::filesystem::path& path, std::function<bool()> keep_going)
      : connection(path, std::move(keep_going)) {}

  // Answers for the place that the filter goes on after.
  template <class Read>
  auto after(const Result<Place>& place, Read read) -> Result<decltype(read(std::declval<const Place&>()))> {
    if (!place) return std::unexpected(place.error());
    return connection.reading([&] { return read(*place); });
  }

  ViewConnection connection;
  AccountFolds accounts;
};

ViewReader::ViewReader(const std::filesystem::path& path, std::function<bool()> keep_going) {
  try {
    implementation_ = std::make_unique<Implementation>(path, std::move(keep_going));
  } catch (const SqliteError& error) {
    throw StoreError(error.what());
  }
}
ViewReader::~ViewReader() = default;
ViewReader::ViewReader(ViewReader&&) noexcept = default;

Result<ViewRows> ViewReader::rows(View view, const ViewFilter& filter) {
  if (filter.limit < 1 || filter.limit > view_limit_max)
    return refuse(fmt::format("limit is not 1 to {}", view_limit_max));
  ViewConnection& connection = implementation_->connection;
  return implementation_->after(parse_place(filter.cursor), [&](const Place& after) {
    return view == View::trades ? read_trades(connection, filter, after) : read_page(connection, view, filter, after);
  });
}

Result<ViewRows> ViewReader::candles(const SeriesFilter& filter) {
  return implementation_->after(place_of(filter), [&](const Place& after) {
    return read_candle_series(implementation_->connection, filter, after);
  });
}

Result<IndicatorSeries> ViewReader::indicators(const SeriesFilter& filter, const std::vector<std::string>& names) {
  return implementation_->after(place_of(filter), [&](const Place& after) {
    return read_indicators(implementation_->connection, filter, after, names);
  });
}

Result<ViewRows> ViewReader::equity(const SeriesFilter& filter, const std::string& strategy) {
  return implementation_->after(place_of(filter), [&](const Place& after) {
    return read_equity_series(implementation_->connection, filter, after, strategy);
  });
}

Result<std::vector<std::string>> ViewReader::indicator_names(const std::string& market) {
  return implementation_->connection.reading([&] { return read_indicator_names(implementation_->connection, market); });
}

Result<JournalSummary> ViewReader::summary() {
  return implementation_->connection.reading([&] { return read_summary(implementation_->connection); });
}

Result<LastCommit> ViewReader::last_commit() {
  return implementation_->connection.reading([&] { return read_last_commit(implementation_->connection); });
}

Result<std::vector<AccountSummary>> ViewReader::accounts(std::int64_t rows_max) {
  return implementation_->connection.reading(
      [&] { return implementation_->accounts.fold(implementation_->connection.sql(), rows_max); });
}

Result<std::vector<PredictionScore>> ViewReader::scores(std::int64_t predictions_max) {
  return implementation_->connection.reading([&] { return read_scores(implementation_->connection, predictions_max); });
}

Result<std::int64_t> ViewReader::data_version() {
  return implementation_->connection.reading(
      [&] { return implementation_->connection.sql().query_integer("PRAGMA data_version"); });
}

Result<StreamBatch> ViewReader::events_behind(std::int64_t behind, Timestamp filled_behind, std::int64_t events_max) {
  return implementation_->connection.reading(
      [&] { return read_committed(implementation_->connection, behind, filled_behind, events_max); });
}

ViewReader::FileSizes ViewReader::file_sizes() const {
  const auto size = [](const std::string& file) {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 ? static_cast<std::int64_t>(status.st_size) : 0;
  };
  const std::string& path = implementation_->connection.path();
  return {size(path), size(path + "-wal")};
}

}  // namespace candled::store
