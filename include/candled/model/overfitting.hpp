// Overfitting statistics: how much of the best of many trials is luck.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::model {

// Mean over standard deviation of a series, per period and not per year; NaN without two different values.
double sharpe_ratio(std::span<const double> series);

// The Sharpe ratio that the best of `trials` without any skill is expected to show, when the trials' ratios have this variance.
double expected_best_sharpe(double variance_of_ratios, std::size_t trials);

// Deflated Sharpe ratio (D. Bailey, M. Lopez de Prado 2014): the probability that the true ratio behind `best` is above
// zero, given its length, skew and kurtosis, and that it is the best of `trials` whose ratios are `ratios` (those that are
// known; NaN are left out). 0.95 is the usual bar. NaN where it is not defined.
double deflated_sharpe_ratio(std::span<const double> best, std::span<const double> ratios, std::size_t trials);

// Probability of backtest overfitting (D. Bailey, J. Borwein, M. Lopez de Prado, Q. Zhu 2017) by combinatorially symmetric
// cross-validation: the series are cut into `blocks` (even) parts; for every half of them the series that is best there
// is looked up in the other half. The share of halves in which it comes out in the lower half of the ranks. About one
// half for pure noise, near zero where the best is better. series: one per trial, all of one length. Refuses fewer
// than two series, series shorter than the blocks, an odd number of blocks or more than 20.
Result<double> backtest_overfitting_probability(std::span<const std::vector<double>> series, std::size_t blocks = 16);

double normal_distribution(double z);
// z with normal_distribution(z) = probability, which lies between 0 and 1.
double normal_quantile(double probability);

}  // namespace candled::model
