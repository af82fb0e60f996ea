#include "ingest/rest_error.hpp"

namespace candled::ingest {

RestResult<void> judge_status(const net::RestAnswer& answer) {
  if (answer.status == 200) return {};
  RestError error;
  error.message = "HTTP status " + std::to_string(answer.status);
  error.pause = answer.retry_after;
  if (answer.status == 429) error.kind = RestError::Kind::rate_limited;
  if (answer.status == 418 || answer.status == 403 || answer.status == 451) error.kind = RestError::Kind::banned;
  if (answer.status == 400 || answer.status == 404) error.kind = RestError::Kind::permanent;
  return std::unexpected(std::move(error));
}

}  // namespace candled::ingest
