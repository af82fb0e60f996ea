#include "files/file_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace candled::files {
namespace {

constexpr std::size_t files_max = 1'000'000;

std::string lower_case_end(std::string_view name) {
  std::string end(name.substr(name.size() - std::min<std::size_t>(name.size(), 8)));
  std::ranges::transform(end, end.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return end;
}

bool ends_with_one_of(std::string_view name, std::initializer_list<std::string_view> ends) {
  const std::string lower = lower_case_end(name);
  return std::ranges::any_of(ends, [&](std::string_view end) { return lower.ends_with(end); });
}

Result<void> walk(const std::filesystem::path& folder, std::vector<ListedFile>& files) {
  std::error_code error;
  std::vector<ListedFile> found;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    const std::string name = at->path().filename().string();
    // What an import refused is listed beside its database, which may well be here.
    const bool fits = !name.starts_with('.') && !name.ends_with(".rejects.csv") &&
                      ends_with_one_of(name, {".csv", ".zip", ".gz", ".tgz", ".zst", ".tar", ".bz2", ".xz", ".7z",
                                              ".rar", ".parquet"});
    const auto bytes = static_cast<std::int64_t>(at->file_size(error));
    found.push_back({at->path(), folder, bytes, !fits || bytes == 0});
    if (found.size() > files_max) return refuse(fmt::format("{}: more than {} files", folder.string(), files_max));
  }
  if (error) return refuse(fmt::format("{}: cannot be read ({})", folder.string(), error.message()));
  std::ranges::sort(found, {}, &ListedFile::path);
  if (std::ranges::all_of(found, &ListedFile::passed_over))
    return refuse(fmt::format("{}: holds no file of trades or candles", folder.string()));
  files.insert(files.end(), found.begin(), found.end());
  return {};
}

}  // namespace

Result<std::vector<ListedFile>> list_files(const std::vector<std::filesystem::path>& paths) {
  std::vector<ListedFile> files;
  for (const std::filesystem::path& path : paths) {
    std::error_code error;
    if (path == "-") {
      files.push_back({path, path});
    } else if (std::filesystem::is_directory(path, error)) {
      if (Result<void> walked = walk(path, files); !walked) return std::unexpected(walked.error());
    } else if (std::filesystem::exists(path, error)) {
      const auto bytes = std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
      files.push_back({path, path, static_cast<std::int64_t>(bytes)});
    } else {
      return refuse(fmt::format("{}: no such file", path.string()));
    }
  }
  return files;
}

bool may_hold_rows(std::string_view member) {
  const std::string_view name = member.substr(member.find_last_of('/') + 1);
  if (name.starts_with('.') || member.starts_with("__MACOSX/")) return false;
  return name.find('.') == std::string_view::npos ||
         ends_with_one_of(
             name, {".csv", ".txt", ".zip", ".gz", ".zst", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".parquet"});
}

}  // namespace candled::files
