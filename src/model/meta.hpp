// meta.json: the model card as text and back. The only place of this room that parses JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/takeover.hpp"
#include "candled/model/trainer.hpp"

namespace candled::model {

constexpr std::int64_t meta_schema_version = 1;

// What a reader needs of it.
struct Meta {
  ModelRecord record;
  Duration horizon;
  std::vector<std::string> feature_names;
  std::string model_file;         // its name in the directory
  std::uint64_t model_bytes = 0;  // its size
};

// Name and created come from the record; its sha256 is that of model.bytes.
std::string meta_text(const TrainedModel& model, const ModelRecord& record, std::string_view model_file);

// Takes any bytes. The error names the key that is wrong, not the file.
Result<Meta> parse_meta(std::string_view text);

}  // namespace candled::model
