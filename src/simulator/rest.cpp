#include "simulator/rest.hpp"

namespace candled::simulator {

HttpAnswer answer_rest(Exchange& exchange, std::string_view text, const std::string& address, Duration wall) {
  const Target target = parse_target(text);
  Dialect& dialect = exchange.dialect();
  if (!dialect.has_path(target.path)) {
    return {.status = 404, .content_type = html_type, .body = "<html><body>not found</body></html>"};
  }
  ++exchange.statistics().rest_requests;
  FaultBoard& faults = exchange.faults();
  if (faults.strike_request(FaultKind::rest_down, wall)) return {.reset = true};
  if (const auto status = faults.strike_request(FaultKind::rest_error, wall)) {
    return {.status = static_cast<unsigned>(*status),
            .content_type = html_type,
            .body = std::string(dialect.broken_page())};
  }
  const auto slow_ms = faults.strike_request(FaultKind::rest_slow, wall);
  Admission::Call call{.allowed = false, .used = 0};
  if (!faults.strike_request(FaultKind::rest_limit, wall))
    call = exchange.admission().call(address, dialect.cost(target), wall);
  HttpAnswer answer = dialect.answer({target, exchange.scene(wall), call.allowed, call.used, faults, wall});
  answer.delay = Duration::milliseconds(slow_ms.value_or(0));
  return answer;
}

UpgradeAnswer answer_upgrade(Exchange& exchange, std::string_view target, const std::string& address, Duration wall) {
  UpgradeAnswer answer;
  if (exchange.faults().lasts(FaultKind::cut, wall)) {
    answer.reset = true;
  } else if (const auto status = exchange.faults().amount(FaultKind::ban, wall)) {
    answer.refuse_with = static_cast<unsigned>(*status);
    const Duration left = exchange.faults().lasts_until(FaultKind::ban) - wall;
    if (left < Duration::hours(24)) answer.retry_after_s = left.ns / 1'000'000'000 + 1;
  } else if (!exchange.admission().connect(address, wall)) {
    answer.refuse_with = 429;
  } else if (std::optional<Opening> opening = exchange.dialect().open(parse_target(target))) {
    answer.opening = std::move(*opening);
  } else {
    answer.refuse_with = 404;
  }
  if (answer.reset || answer.refuse_with != 0) ++exchange.statistics().connections_refused;
  return answer;
}

}  // namespace candled::simulator
