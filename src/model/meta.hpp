// meta.json: the model card as text and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/model_swap.hpp"
#include "candled/domain/result.hpp"
#include "candled/model/registry.hpp"
#include "candled/model/trainer.hpp"

namespace candled::model {

// 1: one part, not calibrated, nothing of canaries; still read.
constexpr std::int64_t meta_schema_version = 2;
constexpr std::size_t parts_max = 16;

struct PartFile {
  double weight = 1;
  std::uint64_t bytes = 0;
  std::string sha256;
};

// What a reader needs of it.
struct Meta {
  ModelSummary summary;
  std::vector<std::string> feature_names;
  std::vector<PartFile> parts;
  Calibration calibration;
  SignalThresholds thresholds;
};

// "model.ubj", or "model_1.ubj" and so on where there are several.
std::string part_file_name(std::size_t part, std::size_t parts);
// Of the file where there is one part, else of the digests in order.
std::string digest_of_parts(const std::vector<std::string>& digests);

// Name and created come from the record; digests are those of the parts.
std::string meta_text(const TrainedModel& model, const ModelRecord& record, const std::vector<std::string>& digests);

// Takes any bytes. The error names the key that is wrong, not the file.
Result<Meta> parse_meta(std::string_view text);

}  // namespace candled::model
