// Order book: what the live book said about the candle. Sources in full: candled/domain/book_facts.hpp.
#include <fmt/format.h>

#include "candled/domain/book_facts.hpp"
#include "candled/features/indicators/order_book_flow.hpp"
#include "features/family.hpp"

namespace candled::features {
namespace {

// A number of this candle's book.
template <auto Read>
Column of_book(Pool&, const P&) {
  return [](const Bar& bar) { return bar.book != nullptr ? Read(*bar.book) : unknown; };
}

double spread(const BookFacts& book) { return book_spread(book); }
double spread_mean(const BookFacts& book) { return book.spread_mean; }
double microprice_ratio(const BookFacts& book) { return book_microprice(book) / book_mid(book) - 1; }
double microprice_in_spreads(const BookFacts& book) {
  return ratio(book_microprice(book) - book_mid(book), book_spread(book) * book_mid(book));
}
double slope(const BookFacts& book) {
  const BookSlopes slopes = book_slopes(book);
  return ratio(slopes.bid - slopes.ask, slopes.bid + slopes.ask);
}

Column imbalance(Pool&, const P& p) {
  return [levels = static_cast<std::size_t>(p[0].whole())](const Bar& bar) {
    return bar.book != nullptr ? book_imbalance(*bar.book, levels) : unknown;
  };
}
Column imbalance_mean(Pool&, const P& p) {
  const std::size_t place = p[0].whole() == 1 ? 0 : p[0].whole() == 5 ? 1 : 2;
  return [place](const Bar& bar) { return bar.book != nullptr ? bar.book->imbalance_mean[place] : unknown; };
}

constexpr int levels_max = static_cast<int>(BookFacts::ranks_max);

std::string levels_in_book(const P& p) {
  return p[0].whole() <= levels_max ? "" : fmt::format("LEVELS is {}, and {} are recorded", p[0].whole(), levels_max);
}
std::string levels_of_means(const P& p) {
  for (const std::size_t depth : BookFacts::imbalance_depths) {
    if (static_cast<std::size_t>(p[0].whole()) == depth) return {};
  }
  return fmt::format("LEVELS is {}; means are recorded of 1, 5 and 10", p[0].whole());
}
int last_window(const P& p) { return p.back().whole(); }

}  // namespace

Families book_families() {
  const char* share = "-1 to 1";
  const char* cartea = "Cartea, Jaimungal, Penalva 2015";
  return {
      {"book_spread_ratio",
       {},
       "fraction of price",
       "(best ask - best bid) / mid at the close",
       "definition",
       Need::book,
       at_once,
       of_book<spread>},
      {"book_spread_mean_ratio",
       {},
       "fraction of price",
       "the same, mean over the candle's updates",
       "definition",
       Need::book,
       at_once,
       of_book<spread_mean>},
      {"book_microprice_ratio",
       {},
       "fraction of price",
       "microprice / mid - 1 at the close; microprice = (bid * ask quantity + ask * bid "
       "quantity) / both quantities",
       "Gatheral, Oomen 2010",
       Need::book,
       at_once,
       of_book<microprice_ratio>},
      {"book_microprice_spread",
       {},
       "spreads, -0.5 to 0.5",
       "(microprice - mid) / (best ask - best bid) at the close",
       "Gatheral, Oomen 2010",
       Need::book,
       at_once,
       of_book<microprice_in_spreads>},
      {"book_imbalance_LEVELS",
       {{5}},
       share,
       "(bid - ask quantity) / both in the best LEVELS (1 to 10) at the close",
       cartea,
       Need::book,
       at_once,
       imbalance,
       {},
       levels_in_book},
      {"book_imbalance_mean_LEVELS",
       {{5}},
       share,
       "the same, mean over the candle's updates; LEVELS 1, 5 or 10",
       cartea,
       Need::book,
       at_once,
       imbalance_mean,
       {},
       levels_of_means},
      {"mlofi_LEVELS_N",
       {{5}, {1}},
       "mean depths",
       "multi-level order-flow imbalance: per rank flow / mean depth, mean of the best LEVELS "
       "(1 to 10), sum of N candles",
       "Cont, Kukanov, Stoikov 2014; Xu, Gould, Howison 2018",
       Need::book,
       last_window,
       value_of<OrderBookFlow>,
       {},
       levels_in_book},
      {"book_slope",
       {},
       share,
       "(bid - ask slope) / both; slope: cumulated quantity by distance from the mid, ten ranks, fitted through 0",
       "after Naes, Skjeltorp 2006",
       Need::book,
       at_once,
       of_book<slope>},
      {"book_depth_ratio_N",
       {{20}},
       "mean depths",
       "quantity in the best ten ranks of both sides at the close / its mean over N candles",
       "definition",
       Need::book,
       full_window,
       value_of<BookAgainstMean<standing_depth>>},
      {"book_updates_ratio_N",
       {{20}},
       "mean counts",
       "updates of the book / their mean over N candles",
       "definition",
       Need::book,
       full_window,
       value_of<BookAgainstMean<book_updates>>},
  };
}

}  // namespace candled::features
