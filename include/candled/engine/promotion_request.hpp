// Promotion request: how a command asks the daemon that holds the database to promote a model. A small file beside the database,
// renamed into place; the trainer takes it at its next look, which SIGHUP triggers at once. So the daemon stays the only writer, and
// needs neither server nor token for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "candled/domain/result.hpp"

namespace candled::engine {

enum class RequestKind : std::uint8_t {
  promote,    // becomes champion, by hand
  rollback,   // the same, recorded as a rollback
  challenge,  // is only recorded in the database, as challenger
};
struct PromotionRequest {
  RequestKind kind = RequestKind::promote;
  std::string model;
};

// What the history of champions says about it.
inline constexpr const char* promoted_by_hand = "promoted by hand";
inline constexpr const char* rolled_back = "rolled back by hand";

// Replaces a waiting one. Refuses what is not a model's name; retry: the file cannot be written.
Result<void> request_promotion(const std::filesystem::path& database, const PromotionRequest& request);

// Takes the request that waits, if any, and deletes its file. Anything else there is deleted and refused.
Result<std::optional<PromotionRequest>> take_promotion_request(const std::filesystem::path& database);

bool promotion_request_waits(const std::filesystem::path& database);

}  // namespace candled::engine
