// ColumnWatch: whether a column that no format knows tells the rows of one file apart as markets do. Then they must not become one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "candled/domain/result.hpp"
#include "files/column_name.hpp"
#include "files/layout.hpp"
#include "files/row_reader.hpp"

namespace candled::files {

// The columns of a header that neither the layout nor its symbols use, and that may name a market.
std::vector<WatchedColumn> columns_to_watch(const std::vector<std::string>& header, const Layout& layout);

// Of one file, held against each row that was taken.
class ColumnWatch {
 public:
  explicit ColumnWatch(const Layout& layout);

  // Refused where a column that is named like a market has a second text.
  Result<void> take(const Fields& fields);
  // Behind the last row: refused where few texts, or numbers under such a name, take turns.
  Result<void> settle() const;

 private:
  struct Seen {
    const WatchedColumn* column = nullptr;
    std::map<std::string, std::int64_t, std::less<>> values;  // and how many rows have them; bounded
    std::vector<std::string> first_two;
    std::string last;
    std::int64_t filled = 0, turns = 0, leaps = 0;  // a leap: the price is another one where the text is
  };
  static std::unexpected<Error> refusal(const Seen& seen);

  Column price_ = none;
  std::vector<Seen> columns_;
  std::int64_t rows_ = 0;
  double last_price_ = 0;
};

}  // namespace candled::files
