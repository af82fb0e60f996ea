#include "candled/engine/promotion_request.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "candled/model/registry.hpp"

namespace candled::engine {
namespace {

constexpr std::array<std::string_view, 3> words = {"promote", "rollback", "challenge"};  // as RequestKind
constexpr std::size_t request_bytes_max = 64;

std::string path_of(const std::filesystem::path& database) { return database.string() + ".request"; }

}  // namespace

Result<void> request_promotion(const std::filesystem::path& database, const PromotionRequest& request) {
  if (!model::is_model_name(request.model))
    return refuse(fmt::format("'{}' is not the name of a model", request.model.substr(0, 64)));
  const std::string path = path_of(database), fresh = fmt::format("{}.{}", path, ::getpid());
  std::ofstream out(fresh, std::ios::trunc);
  out << words.at(static_cast<std::size_t>(request.kind)) << ' ' << request.model << '\n';
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(fresh, path, error);
  if (out && !error) return {};
  std::error_code left;
  std::filesystem::remove(fresh, left);
  return retry(fmt::format("cannot write {}: {}", path,
                           error ? error.message() : "the folder is not writable, or the disk is full"));
}

Result<std::optional<PromotionRequest>> take_promotion_request(const std::filesystem::path& database) {
  const std::string path = path_of(database);
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) return std::nullopt;
  std::string text(request_bytes_max, '\0');
  if (std::filesystem::is_regular_file(std::filesystem::symlink_status(path, error))) {
    std::ifstream in(path, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  }
  std::filesystem::remove(path, error);
  if (error) return retry(fmt::format("{}: {}", path, error.message()));
  const std::string_view line = std::string_view(text).substr(0, text.find('\n'));
  const std::size_t space = std::min(line.find(' '), line.size());
  const auto word = std::ranges::find(words, line.substr(0, space));
  const std::string name(line.substr(std::min(space + 1, line.size())));
  if (word == words.end() || !model::is_model_name(name)) return refuse(fmt::format("{} held no request", path));
  return PromotionRequest{static_cast<RequestKind>(word - words.begin()), name};
}

bool promotion_request_waits(const std::filesystem::path& database) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::symlink_status(path_of(database), error));
}

}  // namespace candled::engine
