// Canaries: the training pipeline on data in which there is nothing to find.
#pragma once

#include <cstdint>
#include <vector>

#include "candled/domain/candle.hpp"
#include "candled/model/trainer.hpp"
#include "model/sample.hpp"
#include "model/vote.hpp"

namespace candled::model {

// The most rounds that run_canaries reports.
int canary_rounds_max(const TrainingSettings& settings);

// `real`: all usable rows of the training, oldest first.
Result<std::vector<CanaryResult>> run_canaries(const TrainingRows& rows, const Sample& real,
                                               const TrainingSettings& settings, Reporter& reporter);

// The labels and targets cut into blocks of ten horizons and dealt out again: neighbours still share their label, as
// they do in truth, and no label is that of its row.
Sample with_shuffled_labels(Sample sample, std::size_t horizon_rows, std::uint64_t seed);

// Minutes (or whatever interval) of a Gaussian random walk with trades, no drift, no memory.
std::vector<Candle> random_walk(std::size_t count, Duration interval, std::uint64_t seed);

// The AUC that predictions without any knowledge stay below 999 times in 1,000: mean and deviation over shifts of the
// labels against the predictions, which keeps how both hang together in time.
double chance_auc_max(std::span<const double> probabilities, std::span<const Label> labels, std::size_t horizon_rows,
                      const Stop& stop = {});

}  // namespace candled::model
