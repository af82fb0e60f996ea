// RejectsFile: the rows that an import refused, as CSV: file, line, why, text.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "candled/files/import.hpp"

namespace candled::cli {

class RejectsFile {
 public:
  explicit RejectsFile(std::filesystem::path path) : path_(std::move(path)) {}

  // The file is made with the first row. Throws when it cannot be written.
  void add(const files::RejectedRow& row);
  // Throws when not all of it was written.
  void close();

  const std::filesystem::path& path() const { return path_; }
  struct Reason {
    std::int64_t rows = 0;
    std::string first;  // "a.csv:7", and what belongs to that row alone
  };
  const std::map<std::string, Reason>& reasons() const { return reasons_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::map<std::string, Reason> reasons_;
};

}  // namespace candled::cli
