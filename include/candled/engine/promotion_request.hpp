// Promotion request: how a command asks the daemon that holds the database to let a model take over. A small file beside the
// database, made whole by a rename; the trainer takes it at its next look, which SIGHUP makes at once. So the daemon stays the
// only writer, and needs neither server nor token for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "candled/domain/result.hpp"

namespace candled::engine {

enum class RequestKind : std::uint8_t {
  promote,    // takes over, by hand
  rollback,   // the same, and the history says that it is a way back
  challenge,  // only becomes known to the database, as challenger
};
struct PromotionRequest {
  RequestKind kind = RequestKind::promote;
  std::string model;
};

// What the champions' history says of either.
inline constexpr const char* promoted_by_hand = "promoted by hand";
inline constexpr const char* rolled_back = "rolled back by hand";

// Takes the place of one that waits. Refuses what is no model's name; retry: the file cannot be written.
Result<void> request_promotion(const std::filesystem::path& database, const PromotionRequest& request);

// Takes the request that waits, if any, and deletes its file. Whatever else lies there is deleted and refused.
Result<std::optional<PromotionRequest>> take_promotion_request(const std::filesystem::path& database);

bool promotion_request_waits(const std::filesystem::path& database);

}  // namespace candled::engine
