#include "model/json_reader.hpp"

#include <fmt/format.h>

#include <cmath>

namespace candled::model {

using simdjson::SUCCESS;

std::string MemberReader::text(std::string_view key) {
  std::string_view value;
  expect(root_[key].get_string().get(value) == SUCCESS, key, "a text");
  return std::string(value);
}

std::int64_t MemberReader::integer(std::string_view key) {
  std::int64_t value = 0;
  expect(root_[key].get_int64().get(value) == SUCCESS, key, "a whole number");
  return value;
}

double MemberReader::number(std::string_view key) {
  double value = 0;
  expect(root_[key].get_double().get(value) == SUCCESS && std::isfinite(value), key, "a number");
  return value;
}

bool MemberReader::truth(std::string_view key) {
  bool value = false;
  expect(root_[key].get_bool().get(value) == SUCCESS, key, "true or false");
  return value;
}

Timestamp MemberReader::time(std::string_view key) {
  const Result<Timestamp> time = parse_rfc3339(text(key));
  expect(time.has_value(), key, "a time");
  return time.value_or(Timestamp{});
}

Duration MemberReader::duration(std::string_view key) {
  const Result<Duration> duration = parse_duration(text(key));
  expect(duration.has_value(), key, "a duration");
  return duration.value_or(Duration{});
}

std::vector<std::string> MemberReader::texts(std::string_view key) {
  std::vector<std::string> values;
  simdjson::dom::array array;
  bool good = root_[key].get_array().get(array) == SUCCESS;
  if (good) {
    for (const Element item : array) {
      std::string_view value;
      good = good && item.get_string().get(value) == SUCCESS;
      if (good) values.emplace_back(value);
    }
  }
  expect(good, key, "a list of texts");
  return values;
}

std::vector<double> MemberReader::numbers(std::string_view key) {
  std::vector<double> values;
  simdjson::dom::array array;
  bool good = root_[key].get_array().get(array) == SUCCESS;
  if (good) {
    for (const Element item : array) {
      double value = 0;
      good = good && item.get_double().get(value) == SUCCESS && std::isfinite(value);
      if (good) values.push_back(value);
    }
  }
  expect(good, key, "a list of numbers");
  return values;
}

std::vector<MemberReader::Element> MemberReader::objects(std::string_view key) {
  std::vector<Element> values;
  Element list;
  if (root_[key].get(list) != SUCCESS) return values;
  simdjson::dom::array array;
  bool good = list.get_array().get(array) == SUCCESS;
  if (good) {
    for (const Element item : array) {
      good = good && item.is_object();
      if (good) values.push_back(item);
    }
  }
  expect(good, key, "a list of objects");
  return values;
}

MemberReader::Element MemberReader::object(std::string_view key) {
  Element value = root_;
  Element found;
  const bool good = root_[key].get(found) == SUCCESS && found.is_object();
  expect(good, key, "an object");
  if (good) value = found;
  return value;
}

double MemberReader::number_or_null(std::string_view object_key, std::string_view key) {
  Element value;
  double number = 0;
  if (root_[object_key][key].get(value) != SUCCESS) {
    expect(false, key, "a number");
  } else if (value.is_null()) {
    number = std::numeric_limits<double>::quiet_NaN();
  } else {
    expect(value.get_double().get(number) == SUCCESS, key, "a number");
  }
  return number;
}

double MemberReader::share(std::string_view object_key, std::string_view key) {
  const double number = number_or_null(object_key, key);
  expect(std::isnan(number) || (number >= 0 && number <= 1), key, "between 0 and 1");
  return number;
}

void MemberReader::expect(bool good, std::string_view key, std::string_view wanted) {
  if (!good && wrong_.empty()) wrong_ = fmt::format("'{}' is not {}", key, wanted);
}

}  // namespace candled::model
