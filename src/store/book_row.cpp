#include "store/book_row.hpp"

#include <cstring>
#include <type_traits>

#include "store/exact.hpp"

namespace candled::store {

// The blob is what is read back, exact; the columns in front of it are for people.
const char* const book_table = R"sql(
CREATE TABLE book_fact (market INTEGER NOT NULL, open_time INTEGER NOT NULL, updates INTEGER NOT NULL, whole INTEGER NOT NULL,
  late INTEGER NOT NULL, best_bid INTEGER NOT NULL, bid_quantity INTEGER NOT NULL, best_ask INTEGER NOT NULL,
  ask_quantity INTEGER NOT NULL, spread_mean REAL NOT NULL, imbalance_1 REAL NOT NULL, imbalance_5 REAL NOT NULL,
  imbalance_10 REAL NOT NULL, imbalance_1_mean REAL NOT NULL, imbalance_5_mean REAL NOT NULL, imbalance_10_mean REAL NOT NULL,
  order_flow_1 REAL NOT NULL, order_flow_5 REAL NOT NULL, order_flow_10 REAL NOT NULL, levels BLOB NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
)sql";

namespace {

using Ranks = std::array<BookRank, BookFacts::ranks_max>;
static_assert(std::is_trivially_copyable_v<Ranks>);
static_assert(sizeof(BookRank) == 48, "no padding: the bytes are the value");

bool is_number(const BookLevel& level) {
  return Price::of_bits(level.price.bits()) && Quantity::of_bits(level.quantity.bits());
}

double flow_through(const BookFacts& facts, std::size_t ranks) {
  double sum = 0;
  for (std::size_t i = 0; i < ranks; ++i) sum += facts.ranks[i].order_flow;
  return sum;
}

}  // namespace

BookFacts book_of(const Statement& row) {
  BookFacts facts;
  facts.open_time.ns = row.integer(0);
  facts.updates = static_cast<std::uint32_t>(row.integer(1));
  facts.whole = row.integer(2) != 0;
  facts.late = row.integer(3) != 0;
  facts.spread_mean = row.real(4);
  for (int i = 0; i < 3; ++i) facts.imbalance_mean[static_cast<std::size_t>(i)] = row.real(5 + i);
  const std::string_view levels = row.blob(8);
  if (levels.size() == sizeof(Ranks)) std::memcpy(&facts.ranks, levels.data(), sizeof(Ranks));
  for (BookRank& rank : facts.ranks) {
    if (!is_number(rank.bid) || !is_number(rank.ask)) no_such_number("a level of an order book");
  }
  return facts;
}

void bind_book(Statement& statement, std::int64_t market, const BookFacts& f, std::int64_t sequence) {
  const BookRank& best = f.ranks[0];
  const std::string_view levels(static_cast<const char*>(static_cast<const void*>(f.ranks.data())), sizeof f.ranks);
  statement.bind(market, f.open_time.ns, std::int64_t{f.updates}, std::int64_t{f.whole}, std::int64_t{f.late},
                 exact_cell(best.bid.price), exact_cell(best.bid.quantity), exact_cell(best.ask.price),
                 exact_cell(best.ask.quantity), f.spread_mean, book_imbalance(f, 1), book_imbalance(f, 5),
                 book_imbalance(f, 10), f.imbalance_mean[0], f.imbalance_mean[1], f.imbalance_mean[2],
                 flow_through(f, 1), flow_through(f, 5), flow_through(f, 10), Statement::as_blob(levels), sequence);
}

}  // namespace candled::store
