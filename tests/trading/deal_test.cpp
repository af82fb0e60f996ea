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
          .minimum_order = money(minimum_order)};
}

std::string deal_text(const std::optional<Deal>& deal) {
  if (!deal) return "refused";
  return fmt::format("{} @ {} = {} fee {}{}", deal->quantity.to_text(), deal->price.to_text(), deal->notional.to_text(),
                     deal->fee.to_text(), deal->reason == FillReason::rest_of_position ? " rest" : "");
}

std::string bought(const char* spend, const char* market, const TradingCosts& costs) {
  const std::optional<Deal> deal = buy_deal(money(spend), price(market), costs);
  if (deal) CHECK(deal->notional + deal->fee <= money(spend));
  return deal_text(deal);
}

std::string sold(const char* wanted, const char* position, const char* market, const TradingCosts& costs) {
  return deal_text(sell_deal(quantity(wanted), quantity(position), price(market), costs));
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
  CHECK(bought("1", "0.0000000003", costs(0, 0, 1, "0")) == "2500000000 @ 0.0000000004 = 1 fee 0");
  CHECK(sold("100000000", "100000000", "0.0000000003", costs(0, 0, 1, "0")) == "100000000 @ 0.0000000002 = 0.02 fee 0");
  CHECK(sold("0.00000001", "0.00000001", "1", costs(1, 0, 0, "0")) == "0.00000001 @ 1 = 0.00000001 fee 0.00000001");
}

TEST_CASE("an order below the minimum is refused") {
  CHECK(bought("5", "100", costs(0, 0, 0, "5")) == "0.05 @ 100 = 5 fee 0");
  CHECK(bought("4.99999999", "100", costs(0, 0, 0, "5")) == "refused");
  CHECK(bought("5", "100", costs(26, 0, 0, "5")) == "refused");  // the fee is not part of the order's value
  CHECK(sold("0.1", "10", "10", costs(0, 0, 0, "5")) == "refused");
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
  CHECK(bought("0", "100", none) == "refused");
  CHECK(bought("0.00000001", "100", none) == "refused");                     // not even the smallest quantity
  CHECK(sold("0", "0", "100", none) == "refused");
  CHECK(sold("0", "1", "100", none) == "refused");
  CHECK(sold("0.00000001", "0.00000001", "0.1", none) == "refused");         // less than the smallest unit of money
  CHECK(sold("1", "1", "0.0000000001", costs(0, 0, 1, "0")) == "refused");   // the worse price is 0
  CHECK(bought("1", largest_price, costs(0, 0, 1, "0")) == "refused");       // the worse price does not fit
  CHECK(sold(largest_quantity, largest_quantity, largest_price, none) == "refused");
  CHECK(sold("1", largest_quantity, largest_price, costs(0, 0, 0, "5")) ==
        "1 @ 922337203.6854775807 = 922337203.68547758 fee 0");
  CHECK(bought(largest_money, "1", none) == "92233720368.54775807 @ 1 = 92233720368.54775807 fee 0");
  // The largest quantity there is costs less than the sum.
  CHECK(bought(largest_money, "0.0000000001", none) == "92233720368.54775807 @ 0.0000000001 = 9.22337204 fee 0");
}

}  // namespace
}  // namespace candled::trading::testing
