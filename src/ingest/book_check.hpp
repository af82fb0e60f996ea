// BookCheck: how an exchange lets one of its order books be checked against its own.
#pragma once

#include "ingest/stream_book.hpp"

namespace candled::ingest {

class BookCheck {
 public:
  virtual ~BookCheck() = default;

  // What the exchange's list of markets says of the book's numbers.
  virtual void set_precision(BookPrecision listed) = 0;
  // The message was applied to the book. Null when the book stands as the exchange has it; else what is wrong with it.
  virtual const char* problem_of(const OrderBook& book, const StreamBook& message) = 0;
};

}  // namespace candled::ingest
