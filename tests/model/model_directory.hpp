// A directory of models that goes away with the test, and a small model to put there.
#pragma once

#include <fmt/format.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "candled/model/registry.hpp"
#include "model/made_rows.hpp"

namespace candled::model {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string path = (std::filesystem::temp_directory_path() / "candled_models_XXXXXX").string();
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::string text() const { return path_.string(); }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline const TrainedModel& small_model() {
  static const TrainedModel model = [] {
    TrainingSettings settings;
    settings.algorithm = GbdtSettings{.rounds = 20, .depth = 3};
    settings.horizon = Duration::minutes(1);
    return *train(made_rows(600, 0.7, 9), settings);
  }();
  return model;
}

inline const ExpectedFeatures four{"hash-of-four", 4};
inline const Timestamp created = *parse_rfc3339("2026-08-25T04:15:00.25Z");
inline const std::string name = "20260825_041500";

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}
inline void spill(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

inline std::size_t entries(const std::string& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

}  // namespace candled::model
