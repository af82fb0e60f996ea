#include "engine/feature_rebuild.hpp"

#include <span>
#include <utility>
#include <vector>

namespace candled::engine {

FeatureRebuild::FeatureRebuild(const store::Reader& reader, const store::JournalWriter& writer, const Market& market,
                               Timestamp from, Write write, Finish finish)
    : reader_(&reader),
      market_(&market),
      from_(from),
      write_(std::move(write)),
      finish_(std::move(finish)),
      set_(market.interval, writer.feature_list(market.id).names),
      history_(reader, market) {}

FeatureRebuild FeatureRebuild::of_all(const store::Reader& reader, store::JournalWriter& writer, const Market& market,
                                      Timestamp from) {
  writer.take_features_due(market.id);  // what was due is made with the rest
  return {reader,
          writer,
          market,
          from,
          [&](auto rows) { return writer.replace_features(market.id, rows); },
          [&writer, &market, from] { return writer.features_done(market.id, from); }};
}

FeatureRebuild FeatureRebuild::of_revised(const store::Reader& reader, store::JournalWriter& writer,
                                          const Market& market, Timestamp from) {
  return {reader,
          writer,
          market,
          from,
          [&](auto rows) { return writer.refresh_features(market.id, rows); },
          [&] { return writer.features_refreshed(market.id); }};
}

Result<bool> FeatureRebuild::step(std::size_t candles_max) {
  if (!slice_owed_ && !history_.next(candles_max)) {
    if (Result<void> noted = finish_(); !noted) return std::unexpected(noted.error());
    return false;
  }
  slice_owed_ = true;
  if (!std::exchange(begun_, true)) {
    first_ = history_.candles().front().open_time;
    last_ = reader_->last_candle_open_time(market_->id).value_or(first_);
  }
  // The set has seen these candles only if they are written: a write that is refused leaves everything as it was.
  features::FeatureSet ahead = set_.copy();
  std::vector<store::StoredFeatures> rows;
  history_.for_each([&](const Candle& candle, const BookFacts* book) {
    const std::span<const double> row = ahead.update(candle, book);
    if (candle.open_time >= from_) rows.emplace_back(candle.open_time, std::vector<double>(row.begin(), row.end()));
  });
  if (!rows.empty()) {
    const Result<std::int64_t> changed = write_(rows);
    if (!changed) return std::unexpected(changed.error());
    rows_ += *changed;
  }
  set_ = std::move(ahead);
  slice_owed_ = false;
  return true;
}

double FeatureRebuild::part_done() const {
  if (!begun_ || last_ <= first_ || history_.candles().empty()) return begun_ ? 1 : 0;
  return static_cast<double>((history_.candles().back().open_time - first_).ns) /
         static_cast<double>((last_ - first_).ns);
}

}  // namespace candled::engine
