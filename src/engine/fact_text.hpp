// Facts of one kind, recorded and replayed: whether they are the same to the last bit, and how to tell a person that they are not.
#pragma once

#include <string>
#include <vector>

#include "candled/store/recording.hpp"

namespace candled::engine {

bool same(const store::RecordedCandle& a, const store::RecordedCandle& b);
bool same(const store::RecordedPrediction& a, const store::RecordedPrediction& b);
bool same(const store::RecordedFill& a, const store::RecordedFill& b);  // whatever their numbers
bool same(const store::RecordedOrder& a, const store::RecordedOrder& b);
bool same(const store::RecordedEquity& a, const store::RecordedEquity& b);

std::string text_of(const store::RecordedCandle& row);
std::string text_of(const store::RecordedPrediction& row);
std::string text_of(const store::RecordedFill& row);
std::string text_of(const store::RecordedOrder& row);
std::string text_of(const store::RecordedEquity& row);

Timestamp time_of(const store::RecordedCandle& row);
Timestamp time_of(const store::RecordedFeatures& row);
Timestamp time_of(const store::RecordedPrediction& row);
Timestamp time_of(const store::RecordedFill& row);
Timestamp time_of(const store::RecordedOrder& row);
Timestamp time_of(const store::RecordedEquity& row);

// "candle: recorded ..., replayed ...". Empty: the rows are the same.
std::string difference(const std::string& what, const auto& recorded, const auto& made) {
  if (same(recorded, made)) return {};
  std::string a = text_of(recorded), b = text_of(made);
  if (a == b) a += " by event " + std::to_string(recorded.sequence), b += " by event " + std::to_string(made.sequence);
  return what + ": recorded " + a + ", replayed " + b;
}
// The first feature that differs, by its name; those that are passed over may.
std::string feature_difference(const std::vector<double>& recorded, const std::vector<double>& made,
                               const std::vector<std::string>& names, const std::vector<bool>& passed_over);

}  // namespace candled::engine
