// The one line of text that describes a fault, for the command line and the operator's URL.
#include <array>
#include <charconv>
#include <cmath>

#include "candled/simulator/faults.hpp"
#include "simulator/target.hpp"

namespace candled::simulator {
namespace {

constexpr std::array<std::string_view, fault_kinds> kind_names{
    "drop",           "repeat",        "cut",       "stall",        "stall_symbol",        "maintenance",
    "message_rate",   "ban",           "bad_frame", "exponent",     "snapshot_descending", "rest_limit",
    "rest_error",     "rest_down",     "rest_slow", "rest_short",   "rest_wrong_last",     "rest_lag",
    "rest_inclusive", "book_checksum", "book_drop", "book_refused", "rest_repeat"};
constexpr double seconds_max = 1e9;
constexpr std::array<std::string_view, 6> frame_names{"truncated",  "wrong_types", "unknown_channel",
                                                      "empty_data", "not_json",    "huge"};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > seconds_max)
    return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole(std::string_view text) {
  const std::optional<double> value = number(text);
  if (!value || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

struct Parameter {
  std::string_view name, value;
};

bool set_moment(ScheduledFault& fault, const Parameter& p, FaultMoment moment, double scale) {
  const std::optional<double> value = number(p.value);
  if (!value || fault.moment != FaultMoment::now) return false;
  fault.moment = moment;
  fault.at = static_cast<std::int64_t>(std::llround(*value * scale));
  return moment == FaultMoment::after_market || moment == FaultMoment::after_wall || fault.at > 0;
}

bool set_random(ScheduledFault& fault, const Parameter& p) {
  const std::optional<double> value = number(p.value);
  if (!value || *value > 1 || fault.moment != FaultMoment::now) return false;
  fault.moment = FaultMoment::random;
  fault.probability = *value;
  return true;
}

bool set(std::int64_t& target, std::string_view text) {
  const std::optional<std::int64_t> value = whole(text);
  target = value.value_or(0);
  return value.has_value();
}

// False: the value does not fit; nullopt: there is no such parameter.
std::optional<bool> set_parameter(ScheduledFault& fault, const Parameter& p) {
  Fault& f = fault.fault;
  if (p.name == "trades") return set(f.trades, p.value);
  if (p.name == "requests") return set(f.requests, p.value);
  if (p.name == "amount") return set(f.amount, p.value);
  if (p.name == "seconds") {
    const std::optional<double> value = number(p.value);
    f.seconds = value.value_or(0);
    return value.has_value();
  }
  if (p.name == "symbol") return f.symbol = p.value, !p.value.empty();
  if (p.name == "frame") {
    f.frame = p.value;
    return std::find(frame_names.begin(), frame_names.end(), p.value) != frame_names.end();
  }
  if (p.name == "at_trade") return set_moment(fault, p, FaultMoment::at_trade, 1);
  if (p.name == "every_trades") return set_moment(fault, p, FaultMoment::every_trades, 1);
  if (p.name == "after_market_seconds") return set_moment(fault, p, FaultMoment::after_market, 1000);
  if (p.name == "after_seconds") return set_moment(fault, p, FaultMoment::after_wall, 1000);
  if (p.name == "probability") return set_random(fault, p);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(FaultKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

Result<ScheduledFault> parse_fault(std::string_view text) {
  const Target target = parse_target(text);
  const auto kind = std::find(kind_names.begin(), kind_names.end(), target.path);
  if (kind == kind_names.end()) return refuse("no fault is called '" + target.path.substr(0, 40) + "'");
  ScheduledFault fault;
  fault.fault.kind = static_cast<FaultKind>(kind - kind_names.begin());
  for (const auto& [name, value] : target.parameters) {
    const std::optional<bool> fits = set_parameter(fault, {name, value});
    if (!fits) return refuse("fault '" + target.path + "' has no parameter '" + name.substr(0, 40) + "'");
    if (!*fits)
      return refuse("fault '" + target.path + "': bad value '" + value.substr(0, 40) + "' for '" + name + "'");
  }
  if (fault.fault.kind == FaultKind::stall_symbol && fault.fault.symbol.empty()) {
    return refuse("fault 'stall_symbol' needs a symbol");
  }
  return fault;
}

}  // namespace candled::simulator
