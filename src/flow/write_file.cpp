#include "candled/flow/write_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace candled::flow {

bool is_written_in_place(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

Result<void> write_file(const std::filesystem::path& path, std::string_view text) {
  const bool in_place = is_written_in_place(path);
  const std::string partial = in_place ? path.string() : path.string() + fmt::format(".{}.part", ::getpid());
  std::FILE* file = std::fopen(partial.c_str(), in_place ? "w" : "wx");
  if (file == nullptr) return refuse(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
  const bool closed = std::fclose(file) == 0;
  if (whole && closed && in_place) return {};
  if (whole && closed && std::rename(partial.c_str(), path.c_str()) == 0) return {};
  const int why = errno;
  if (!in_place) ::unlink(partial.c_str());
  return refuse(fmt::format("cannot write {}: {}", path.string(), std::strerror(why)));
}

}  // namespace candled::flow
