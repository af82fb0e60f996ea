// KrakenBookCheck: the checksum of a message against the book that it left.
#pragma once

#include "ingest/book_check.hpp"
#include "ingest/exchanges/kraken/book_checksum.hpp"

namespace candled::ingest {

class KrakenBookCheck final : public BookCheck {
 public:
  // What the wire prints comes first, the list helps where it prints less.
  void set_precision(BookPrecision listed) override { listed_ = listed; }
  const char* problem_of(const OrderBook& book, const StreamBook& message) override;

 private:
  bool fits(const OrderBook& book, const StreamBook& message);

  BookChecksum checksum_;
  BookPrecision precision_, listed_;
};

}  // namespace candled::ingest
