#include "engine/feature_rebuild.hpp"

#include <span>
#include <utility>
#include <vector>

namespace candled::engine {

FeatureRebuild::FeatureRebuild(const store::Reader& reader, store::JournalWriter& writer, const Market& market)
    : reader_(reader),
      writer_(writer),
      market_(market),
      set_(market.interval, writer.feature_list(market.id).names),
      history_(reader, market) {}

Result<bool> FeatureRebuild::step(std::size_t candles_max) {
  if (!slice_owed_ && !history_.next(candles_max)) {
    if (Result<void> noted = writer_.features_done(market_.id); !noted) return std::unexpected(noted.error());
    return false;
  }
  slice_owed_ = true;
  if (!std::exchange(begun_, true)) {
    first_ = history_.candles().front().open_time;
    last_ = reader_.last_candle_open_time(market_.id).value_or(first_);
  }
  // The set has seen these candles only if they are written: a write that is refused leaves everything as it was.
  features::FeatureSet ahead = set_.copy();
  std::vector<std::pair<Timestamp, std::vector<double>>> rows;
  history_.for_each([&](const Candle& candle, const BookFacts* book) {
    const std::span<const double> row = ahead.update(candle, book);
    if (!row.empty()) rows.emplace_back(candle.open_time, std::vector<double>(row.begin(), row.end()));
  });
  if (Result<void> written = writer_.replace_features(market_.id, rows); !written) return std::unexpected(written.error());
  set_ = std::move(ahead);
  slice_owed_ = false;
  rows_ += static_cast<std::int64_t>(rows.size());
  return true;
}

double FeatureRebuild::part_done() const {
  if (!begun_ || last_ <= first_ || history_.candles().empty()) return begun_ ? 1 : 0;
  return static_cast<double>((history_.candles().back().open_time - first_).ns) / static_cast<double>((last_ - first_).ns);
}

}  // namespace candled::engine
