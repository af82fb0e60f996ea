// Fees, spread, slippage, minimum order and rounding, computed by hand.
#include "trading/deal.hpp"

#include <catch2/catch.hpp>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

TradingCosts costs(double fee_bps, double half_spread_bps, double slippage_bps, const char* minimum_order) {
  return {.fee = Fraction::from_basis_points(fee_bps).value(),
          .half_spread = Fraction::from_basis_points(half_spread_bps).value(),
          .slippage = Fraction::from_basis_points(slippage_bps).value(),
          .minimum_order = money(minimum_order),
          .maker_fee = Fraction::basis_points(10)};
}

// "1 @ 100 = 100 fee 0" of each piece; " rest" of a sale that grew; how it ended, unless filled.
std::string deal_text(const Deals& deals) {
  std::string text;
  for (const Deal& deal : deals.all()) {
    text += fmt::format("{}{} @ {} = {} fee {}", text.empty() ? "" : "; ", deal.quantity.to_text(),
                        deal.price.to_text(), deal.notional.to_text(), deal.fee.to_text());
  }
  if (deals.takes_rest && deals.count > 0) text += " rest";
  if (is_rejection(deals.end)) return std::string(text_of(deals.end));
  return deals.end == OrderEnd::filled ? text : fmt::format("{}, {}", text, text_of(deals.end));
}

std::string bought(const char* spend, const Quote& quote, const TradingCosts& costs, const MarketRules& rules = {}) {
  const Deals deals = buy_at_market(money(spend), quote, costs, rules);
  Money paid;
  for (const Deal& deal : deals.all()) paid += deal.notional + deal.fee;
  CHECK(paid <= money(spend));
  return deal_text(deals);
}

std::string bought(const char* spend, const char* market, const TradingCosts& costs, const MarketRules& rules = {}) {
  return bought(spend, Quote{price(market), nullptr}, costs, rules);
}

std::string sold(const char* wanted, const char* position, const char* market, const TradingCosts& costs,
                 const MarketRules& rules = {}) {
  return deal_text(sell_at_market(amount_of(wanted), amount_of(position), {price(market), nullptr}, costs, rules));
}

constexpr const char* largest_price = "922337203.6854775807";
constexpr const char* largest_quantity = "92233720368.54775807";
constexpr const char* largest_money = "92233720368.54775807";

TEST_CASE("a purchase spends at most the sum, fee included") {
  CHECK(bought("5000", "100", costs(0, 0, 0, "0")) == "50 @ 100 = 5000 fee 0");
  // 5000 / 1.0026 = 4987.03371234...; / 100 = 49.87033712; fee 12.9662876512 rounded up.
  CHECK(bought("5000", "100", costs(26, 0, 0, "0")) == "49.87033712 @ 100 = 4987.033712 fee 12.96628766");
  CHECK(bought("1000", "100", costs(0, 0, 10, "0")) == "9.99000999 @ 100.1 = 1000 fee 0");  // 999.999999999 rounded
  CHECK(bought("1000", "100", costs(0, 5, 10, "0")) == "9.98502246 @ 100.15 = 999.99999937 fee 0");
}

TEST_CASE("a sale brings the worse price less the fee") {
  CHECK(sold("7.5", "10", "100", costs(0, 0, 0, "0")) == "7.5 @ 100 = 750 fee 0");
  CHECK(sold("7.5", "10", "100", costs(26, 0, 0, "0")) == "7.5 @ 100 = 750 fee 1.95");
  CHECK(sold("7.5", "10", "100", costs(26, 5, 10, "0")) == "7.5 @ 99.85 = 748.875 fee 1.947075");
  CHECK(sold("7.5", "10", "100", costs(2.5, 0, 0, "0")) == "7.5 @ 100 = 750 fee 0.1875");
}

TEST_CASE("prices and fees are rounded against us") {
  CHECK(bought("1", "0.0000000003", costs(0, 0, 1, "0")) == "3333000033.33000033 @ 0.00000000030003 = 1 fee 0");
  CHECK(sold("100000000", "100000000", "0.0000000003", costs(0, 0, 1, "0")) ==
        "100000000 @ 0.00000000029997 = 0.029997 fee 0");
  CHECK(sold("0.00000001", "0.00000001", "1", costs(1, 0, 0, "0")) == "0.00000001 @ 1 = 0.00000001 fee 0.00000001");
}

TEST_CASE("an order below the minimum is refused") {
  CHECK(bought("5", "100", costs(0, 0, 0, "5")) == "0.05 @ 100 = 5 fee 0");
  CHECK(bought("4.99999999", "100", costs(0, 0, 0, "5")) == "below minimum");
  CHECK(bought("5", "100", costs(26, 0, 0, "5")) == "below minimum");  // the fee is not part of the order's value
  CHECK(sold("0.1", "10", "10", costs(0, 0, 0, "5")) == "below minimum");
}

TEST_CASE("what a sale would leave below the minimum is sold too") {
  CHECK(sold("0.75", "1", "10", costs(0, 0, 0, "5")) == "1 @ 10 = 10 fee 0 rest");
  CHECK(sold("1.5", "2", "10", costs(0, 0, 0, "5")) == "1.5 @ 10 = 15 fee 0");  // leaves exactly 5
  CHECK(sold("1.5", "2", "10", costs(0, 0, 1, "5")) == "2 @ 9.999 = 19.998 fee 0 rest");
  CHECK(sold("7.5", "10", "10", costs(0, 0, 0, "5")) == "7.5 @ 10 = 75 fee 0");
  CHECK(sold("0.05", "0.1", "10", costs(0, 0, 0, "5")) == "0.1 @ 10 = 1 fee 0 rest");  // all of it is dust
  CHECK(sold("0.1", "0.1", "10", costs(0, 0, 0, "5")) == "0.1 @ 10 = 1 fee 0");
}

TEST_CASE("deals that come to nothing or beyond what the numbers hold are refused") {
  const TradingCosts none = costs(0, 0, 0, "0");
  CHECK(bought("0", "100", none) == "below minimum");
  CHECK(bought("0.00000001", "100", none) == "below minimum");  // not even the smallest quantity
  CHECK(sold("0", "0", "100", none) == "below minimum");
  CHECK(sold("0", "1", "100", none) == "below minimum");
  CHECK(sold("0.00000001", "0.00000001", "0.1", none) == "below minimum");  // less than the smallest unit of money
  CHECK(sold("1", "1", "0.000000000000001", costs(0, 0, 1, "0")) == "beyond numbers");  // the worse price is 0
  CHECK(bought("1", "576460752303423487", costs(0, 0, 1, "0")) == "beyond numbers");    // the worse price does not fit
  CHECK(sold(largest_quantity, largest_quantity, "576460752303423487", none) ==
        "92233720368.54775807 @ 576460752303423487 = 53169119831396634818153954519.63179009 fee 0");
  CHECK(sold("1e22", "1e22", "576460752303423487", none) == "beyond numbers");
  CHECK(sold("1", largest_quantity, largest_price, costs(0, 0, 0, "5")) ==
        "1 @ 922337203.6854775807 = 922337203.68547758 fee 0");
  CHECK(bought(largest_money, "1", none) == "92233720368.54775807 @ 1 = 92233720368.54775807 fee 0");
  CHECK(bought(largest_money, "0.0000000001", none) ==
        "922337203685477580700 @ 0.0000000001 = 92233720368.54775807 fee 0");
}

}  // namespace
}  // namespace candled::trading::testing
