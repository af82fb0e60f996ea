#include "candled/features/feature_set.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "candled/features/bar.hpp"
#include "candled/features/catalogue.hpp"
#include "candled/features/formula_version.hpp"
#include "candled/features/number.hpp"
#include "features/family.hpp"
#include "features/feature_name.hpp"
#include "features/indicator_pool.hpp"
#include "features/list_digest.hpp"

namespace candled::features {

struct FeatureSet::Parts {
  Parts(Duration candle_interval, std::span<const std::string> wanted)
      : interval(candle_interval), names(wanted.begin(), wanted.end()) {
    if (interval.ns <= 0) invariant_failed("the candle interval of a feature set is not positive");
    std::vector<VersionedFeature> list;
    for (const std::string& name : names) {
      const Result<NamedFeature> found = find_feature(name);
      if (!found) invariant_failed("a feature set is made of a name that was not checked");
      const Family& family = *found->family;
      infos.push_back({name, family.unit, family.formula, family.warm_up_candles(found->parameters), family.needs});
      columns.push_back(family.make(pool, found->parameters));
      list.push_back({name, family.version});
    }
    row.resize(columns.size());
    hash = list_hash(interval, list);
  }

  // Everything that a later row depends on.
  template <class Archive>
  void clock_state(Archive& archive) {
    archive(last_open_time);
    archive(started);
    archive(broken);
  }

  Duration interval;
  std::vector<std::string> names;
  IndicatorPool pool;
  std::vector<FeatureInfo> infos;
  std::vector<Column> columns;
  std::vector<double> row;
  std::string hash;

  Timestamp last_open_time;
  bool started = false;
  bool broken = false;  // there was a gap since the last candle that reached the indicators
};

FeatureSet::FeatureSet(Duration candle_interval, std::span<const std::string> names)
    : parts_(std::make_unique<Parts>(candle_interval, names.empty() ? default_features() : names)) {}
FeatureSet::~FeatureSet() = default;
FeatureSet::FeatureSet(FeatureSet&&) noexcept = default;
FeatureSet& FeatureSet::operator=(FeatureSet&&) noexcept = default;

std::span<const FeatureInfo> FeatureSet::list() const { return parts_->infos; }
const std::string& FeatureSet::hash() const { return parts_->hash; }

std::optional<Timestamp> FeatureSet::last_open_time() const {
  return parts_->started ? std::optional(parts_->last_open_time) : std::nullopt;
}

std::span<const double> FeatureSet::update(const Candle& candle, const BookFacts* book) {
  Parts& parts = *parts_;
  if (parts.started && candle.open_time <= parts.last_open_time) {
    invariant_failed("candles reach the features out of order");
  }
  if (parts.started && candle.open_time != parts.last_open_time + parts.interval) parts.broken = true;
  parts.last_open_time = candle.open_time;
  parts.started = true;
  if (candle.state == CandleState::gap) {
    parts.broken = true;
    return {};
  }
  if (std::exchange(parts.broken, false)) parts.pool.break_history();

  Bar bar = to_bar(candle, parts.interval);
  bar.book = book;
  parts.pool.update(bar);
  for (std::size_t i = 0; i < parts.columns.size(); ++i) {
    const double value = parts.columns[i](bar);
    parts.row[i] = std::isfinite(value) ? value : unknown;
  }
  return parts.row;
}

FeatureSet FeatureSet::copy() const {
  StateWriter writer;
  save(writer);
  const std::string bytes = writer.take();
  StateReader reader(bytes);
  FeatureSet other(parts_->interval, parts_->names);
  if (Result<void> loaded = other.load(reader); !loaded) invariant_failed("a feature set does not load its own state");
  return other;
}

void FeatureSet::save(StateWriter& writer) const {
  StateWriter inner;
  parts_->clock_state(inner);
  parts_->pool.save(inner);
  const std::string bytes = inner.take();
  writer(parts_->hash);
  writer(bytes);
  writer(digest(bytes));
}

Result<void> FeatureSet::load(StateReader& reader) {
  std::string hash, bytes;
  std::uint64_t check = 0;
  reader(hash);
  reader(bytes);
  reader(check);
  if (!reader.ok()) return refuse("feature state is cut short");
  if (hash != parts_->hash) return refuse("feature state belongs to another feature list");
  if (check != digest(bytes)) return refuse("feature state is damaged: its checksum does not match");

  auto loaded = std::make_unique<Parts>(parts_->interval, parts_->names);
  StateReader inner(bytes);
  loaded->clock_state(inner);
  loaded->pool.load(inner);
  if (!inner.at_end()) return refuse("feature state has the wrong length");
  parts_ = std::move(loaded);
  return {};
}

}  // namespace candled::features
