#include "candled/config/assembly.hpp"

#include <algorithm>
#include <utility>

#include "candled/flow/version.hpp"
#include "candled/model/registry.hpp"

namespace candled::config {
namespace {

// The config's checks leave nothing else to refuse here but costs that are too fine.
template <class Value>
Value or_throw(Result<Value> result) {
  if (!result) throw ConfigError(result.error().message);
  return std::move(*result);
}

}  // namespace

model::TrainingSettings training_settings(const Config& config) {
  return model::training_settings(config.model, config.training.horizon, config.training.folds);
}

std::vector<trading::StrategySettings> strategy_settings(const Config& config) {
  return or_throw(trading::with_benchmarks(config.strategies));
}

trading::PaperSettings paper_settings(const Config& config, std::size_t market) {
  const MarketConfig& own = config.markets.at(market);
  const auto fees = config.fees.find(own.exchange);
  return or_throw(trading::paper_settings(
      config.paper, fees == config.fees.end() ? trading::ExchangeFees{} : fees->second, own.rules));
}

engine::EngineSettings engine_settings(const Config& config) {
  engine::EngineSettings settings;
  settings.database = config.storage.path;
  settings.markets = config.table;
  settings.features = config.features.list;
  settings.grace = config.candles.grace;
  for (std::size_t i = 0; i < config.markets.size(); ++i) settings.paper_of_market.push_back(paper_settings(config, i));
  settings.paper = settings.paper_of_market.front();
  settings.strategies = strategy_settings(config);
  settings.model_directory = config.model.directory;
  settings.maximum_model_age = config.training.maximum_age;
  settings.contributions = static_cast<std::size_t>(config.model.contributions);
  settings.keep.trades = config.storage.keep_trades;
  // What a training sees is never pruned.
  const Duration seen = config.training.enabled ? config.training.window + config.training.horizon : Duration{};
  settings.keep.features =
      config.storage.keep_features.ns > 0 ? std::max(config.storage.keep_features, seen) : Duration{};
  settings.layout = config.threads.layout;
  settings.queue_capacity = static_cast<std::size_t>(config.threads.queue_capacity);
  settings.config = config.record;
  settings.version = flow::program_version();
  return settings;
}

engine::PastRuns past_runs(const Config& config) {
  return {[storage = config.storage,
           directory = config.model.directory](const std::string& record) -> Result<engine::EngineSettings> {
            try {
              Config recorded = load_recorded(record);
              recorded.storage = storage;
              recorded.model.directory = directory;
              return engine_settings(recorded);
            } catch (const ConfigError& error) {
              return refuse(error.what());
            }
          },
          [](const engine::EngineSettings& settings) -> engine::LoadModel {
            const store::FeatureListRecord features =
                engine::feature_lists(settings.markets, settings.features).front();
            return [directory = settings.model_directory.string(), hash = features.hash, width = features.names.size()](
                       const std::string& name) -> Result<std::shared_ptr<const Predictor>> {
              Result<model::LoadedModel> loaded = model::load_model(directory, name, {hash, width});
              if (!loaded) return std::unexpected(loaded.error());
              return loaded->predictor;
            };
          }};
}

engine::TrainerSettings trainer_settings(const Config& config) {
  engine::TrainerSettings settings;
  settings.enabled = config.training.enabled;
  settings.database = config.storage.path;
  settings.model_directory = config.model.directory;
  settings.markets = config.table;
  settings.features = config.features.list;
  settings.every = config.training.every;
  settings.window = config.training.window;
  settings.minimum_candles = config.training.minimum_candles;
  settings.training = training_settings(config);
  settings.promote = config.training.promote;
  settings.keep_models = static_cast<std::size_t>(config.training.keep_models);
  settings.paper = paper_settings(config, 0);
  settings.strategies = strategy_settings(config);
  return settings;
}

store::JournalSettings journal_settings(const Config& config) {
  store::JournalSettings settings{config.storage.path, config.table, {}, {}, config.storage.durability};
  for (const trading::StrategySettings& strategy : strategy_settings(config))
    settings.strategies.push_back({strategy.name, strategy.kind});
  settings.features = engine::feature_lists(settings.markets, config.features.list);
  return settings;
}

ingest::FeedSettings feed_settings(const Config& config) {
  ingest::FeedSettings settings{config.exchanges, config.history};
  for (const MarketConfig& market : config.markets)
    settings.book_depths.push_back(static_cast<std::size_t>(market.book));
  return settings;
}

Timestamp newest_stored(const store::Reader& reader, MarketId market) {
  constexpr Timestamp ever{INT64_MAX / 2};
  Timestamp newest = reader.last_candle_open_time(market).value_or(Timestamp{});
  if (const std::optional<Trade> trade = reader.last_trade_before(market, ever)) newest = std::max(newest, trade->time);
  return newest;
}

std::vector<ingest::MarketCursor> cursors(const store::Reader& reader, const MarketTable& markets) {
  std::vector<ingest::MarketCursor> all;
  for (const Market& market : markets) {
    store::StoredCursor stored = reader.cursor(market.id);
    // A commit may end on a sequence gap whose next trade is not stored yet: what lies in it is accounted for.
    for (const SequenceGap& sequence_gap : stored.open_sequence_gaps) {
      if (stored.last_trade_id) stored.last_trade_id = std::max(*stored.last_trade_id, sequence_gap.last_missing_id);
    }
    ingest::MarketCursor& cursor = all.emplace_back();
    cursor.last_id = stored.last_trade_id;
    cursor.last_time = stored.last_trade_time;
    if (!stored.last_trade_id && stored.last_made)
      cursor.last_made = ingest::MadeTrade{stored.last_made->id, stored.last_made->time};
    cursor.open_sequence_gaps = std::move(stored.open_sequence_gaps);
    cursor.unproven = reader.unproven_from(market.id).has_value();
    cursor.newest = newest_stored(reader, market.id);
  }
  return all;
}

std::vector<ingest::StoredRange> stored_ranges(const store::Reader& reader, MarketId market) {
  std::vector<ingest::StoredRange> ranges;
  for (const store::IdRange& range : reader.stored_ranges(market)) {
    ranges.push_back({range.first_id, range.last_id, range.first_time, range.last_time});
  }
  return ranges;
}

}  // namespace candled::config
