// MemberReader: reads members of a JSON object that nobody vouches for. The first thing that is wrong is kept, so the
// caller asks once at the end; what was wrong reads as an empty value.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "candled/domain/time.hpp"

namespace candled::model {

class MemberReader {
 public:
  using Element = simdjson::dom::element;
  explicit MemberReader(Element root) : root_(root) {}

  std::string text(std::string_view key);
  std::int64_t integer(std::string_view key);
  double number(std::string_view key);  // finite
  bool truth(std::string_view key);
  Timestamp time(std::string_view key);
  Duration duration(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::vector<double> numbers(std::string_view key);  // finite
  // Absent: none, and nothing is wrong.
  std::vector<Element> objects(std::string_view key);
  Element object(std::string_view key);  // root where it is wrong
  // null is NaN: not defined.
  double number_or_null(std::string_view object_key, std::string_view key);
  double share(std::string_view object_key, std::string_view key);  // the same, 0 to 1
  bool has(std::string_view key) const { return root_[key].error() == simdjson::SUCCESS; }

  void expect(bool good, std::string_view key, std::string_view wanted);
  const std::string& wrong() const { return wrong_; }

 private:
  Element root_;
  std::string wrong_;
};

}  // namespace candled::model
