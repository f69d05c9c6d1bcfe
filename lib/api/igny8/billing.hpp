// /billing/credits
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.hpp"
#include "api/igny8/paging.hpp"
#include "domain/account.hpp"
#include "domain/credit.hpp"

namespace galley::api::igny8 {

struct BalanceView {
  std::int64_t credits = 0;
  Plan plan = Plan::free;
  std::int64_t plan_credits_per_month = 0;
  std::int64_t credits_used_this_month = 0;
  std::int64_t credits_remaining = 0;
  Time resets_at{};
  std::optional<bool> unlimited{};
};

struct SummaryQuery {
  std::optional<std::string> start_date{};
  std::optional<std::string> end_date{};
};
struct PeriodView {
  std::string start;
  std::string end;
};
struct UseTotalsView {
  std::int64_t count = 0;
  std::int64_t credits = 0;
  double cost_usd = 0;
};
struct UseOfDayView : UseTotalsView {
  std::string date;
};
struct SummaryView {
  PeriodView period{};
  std::int64_t total_credits_used = 0;
  double total_cost_usd = 0;
  std::map<std::string, UseTotalsView> by_operation{};
  std::map<std::string, UseTotalsView> by_model{};
  std::vector<UseOfDayView> by_day{};
};

struct TransactionView {
  std::int64_t id = 0;
  CreditKind transaction_type = CreditKind::charge;
  std::optional<CreditOperation> operation_type{};
  std::int64_t amount = 0;
  std::int64_t balance_after = 0;
  std::string description;
  std::string reference;
  Time created_at{};
};
struct TransactionQuery : PagingParameters {
  std::optional<CreditKind> transaction_type{};
};

struct UseView {
  std::int64_t id = 0;
  CreditOperation operation_type = CreditOperation::content_generation;
  std::string model_used;
  std::int64_t credits_used = 0;
  double cost_usd = 0;
  std::int64_t tokens_input = 0;
  std::int64_t tokens_output = 0;
  std::string reference;
  Time created_at{};
};
struct UseQuery : PagingParameters {
  std::optional<CreditOperation> operation_type{};
};

Task<Result<BalanceView>> get_balance(Call& call);
Task<Result<SummaryView>> get_usage_summary(Call& call, Query<SummaryQuery> query);
Task<Result<Listed<TransactionView>>> list_transactions(Call& call, Query<TransactionQuery> query);
Task<Result<Listed<UseView>>> list_usage(Call& call, Query<UseQuery> query);

}  // namespace galley::api::igny8

namespace galley {
template <>
const Shape& shape_of<api::igny8::BalanceView>();
template <>
const Shape& shape_of<api::igny8::SummaryQuery>();
template <>
const Shape& shape_of<api::igny8::PeriodView>();
template <>
const Shape& shape_of<api::igny8::UseTotalsView>();
template <>
const Shape& shape_of<api::igny8::UseOfDayView>();
template <>
const Shape& shape_of<api::igny8::SummaryView>();
template <>
const Shape& shape_of<api::igny8::TransactionView>();
template <>
const Shape& shape_of<api::igny8::TransactionQuery>();
template <>
const Shape& shape_of<api::igny8::UseView>();
template <>
const Shape& shape_of<api::igny8::UseQuery>();
}  // namespace galley
