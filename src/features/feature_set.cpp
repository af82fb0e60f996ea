#include "candled/features/feature_set.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "candled/features/bar.hpp"
#include "candled/features/number.hpp"
#include "features/feature_list.hpp"
#include "features/indicator_pool.hpp"

namespace candled::features {
namespace {

// FNV-1a, 64 bits: tells lists apart and finds broken bytes; it is no defence against an adversary.
std::uint64_t digest(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037U;
  for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

std::string feature_name(const FeatureFamily& family, const Parameters& parameters) {
  std::string name = family.name;
  for (int parameter : parameters) name += fmt::format("_{}", parameter);
  return name;
}

}  // namespace

struct FeatureSet::Parts {
  explicit Parts(Duration candle_interval) : interval(candle_interval) {
    if (interval.ns <= 0) invariant_failed("the candle interval of a feature set is not positive");
    std::string identity = fmt::format("features {} interval {}", feature_list_version, interval.ns);
    for (const FeatureFamily& family : feature_families()) {
      for (const Parameters& parameters : family.defaults) {
        infos.push_back(
            {feature_name(family, parameters), family.unit, family.formula, family.warm_up_candles(parameters)});
        columns.push_back(family.make(pool, parameters));
        identity += '\n' + infos.back().name;
      }
    }
    row.resize(columns.size());
    hash = fmt::format("{:016x}", digest(identity));
  }

  // Everything that a later row depends on.
  template <class Archive>
  void clock_state(Archive& archive) {
    archive(last_open_time);
    archive(started);
    archive(broken);
  }

  Duration interval;
  IndicatorPool pool;
  std::vector<FeatureInfo> infos;
  std::vector<Column> columns;
  std::vector<double> row;
  std::string hash;

  Timestamp last_open_time;
  bool started = false;
  bool broken = false;  // there was a gap since the last candle that reached the indicators
};

FeatureSet::FeatureSet(Duration candle_interval) : parts_(std::make_unique<Parts>(candle_interval)) {}
FeatureSet::~FeatureSet() = default;
FeatureSet::FeatureSet(FeatureSet&&) noexcept = default;
FeatureSet& FeatureSet::operator=(FeatureSet&&) noexcept = default;

std::span<const FeatureInfo> FeatureSet::list() const { return parts_->infos; }
const std::string& FeatureSet::hash() const { return parts_->hash; }

std::span<const double> FeatureSet::update(const Candle& candle) {
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

  const Bar bar = to_bar(candle, parts.interval);
  parts.pool.update(bar);
  for (std::size_t i = 0; i < parts.columns.size(); ++i) {
    const double value = parts.columns[i](bar);
    parts.row[i] = std::isfinite(value) ? value : unknown;
  }
  return parts.row;
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

  auto loaded = std::make_unique<Parts>(parts_->interval);
  StateReader inner(bytes);
  loaded->clock_state(inner);
  loaded->pool.load(inner);
  if (!inner.at_end()) return refuse("feature state has the wrong length");
  parts_ = std::move(loaded);
  return {};
}

}  // namespace candled::features
