#include "api/igny8/billing.hpp"

#include "service/billing_service.hpp"

namespace galley::api::igny8 {

namespace {

double dollars(std::int64_t millionths) {
  return static_cast<double>(millionths) / 1e6;
}

UseTotalsView view_of(const service::UseTotals& totals) {
  return {.count = totals.uses, .credits = totals.credits, .cost_usd = dollars(totals.cost)};
}

std::map<std::string, UseTotalsView> views_of(const std::map<std::string, service::UseTotals>& totals) {
  std::map<std::string, UseTotalsView> views;
  for (const auto& [name, one] : totals)
    views.emplace(name, view_of(one));
  return views;
}

TransactionView transaction_of(CreditEntry entry) {
  return {.id = entry.number,
          .transaction_type = entry.kind,
          .operation_type = entry.operation,
          .amount = entry.amount,
          .balance_after = entry.balance,
          .description = std::move(entry.note),
          .reference = std::move(entry.reference),
          .created_at = entry.created_at};
}

UseView use_of(CreditUse use) {
  return {.id = use.number,
          .operation_type = use.operation,
          .model_used = std::move(use.model),
          .credits_used = use.credits,
          .cost_usd = dollars(use.cost),
          .tokens_input = use.input_tokens,
          .tokens_output = use.output_tokens,
          .reference = std::move(use.reference),
          .created_at = use.created_at};
}

// A day, or a time of it.
Result<std::optional<Time>> day_of(std::string name, const std::optional<std::string>& text) {
  if (!text) return std::optional<Time>();
  std::optional<Time> time = parse_date(*text);
  if (!time) time = parse_rfc3339(*text);
  if (!time) return invalid(std::move(name), "must be a date like 2026-03-30");
  return std::optional<Time>(std::chrono::floor<std::chrono::days>(*time));
}

}  // namespace

Task<Result<BalanceView>> get_balance(Call& call) {
  const service::CreditBalance balance = GALLEY_CO_TRY(call.services.billing.balance(call.actor));
  BalanceView view{.credits = balance.credits,
                   .plan = balance.plan,
                   .plan_credits_per_month = balance.per_month,
                   .credits_used_this_month = balance.used_this_month,
                   .credits_remaining = balance.credits,
                   .resets_at = balance.resets_at};
  if (balance.unlimited) view.unlimited = true;
  co_return view;
}

Task<Result<SummaryView>> get_usage_summary(Call& call, Query<SummaryQuery> query) {
  const std::optional<Time> first = GALLEY_CO_TRY(day_of("start_date", query.start_date));
  const std::optional<Time> last = GALLEY_CO_TRY(day_of("end_date", query.end_date));
  const service::UseSummary summary = GALLEY_CO_TRY(co_await call.services.billing.summary(call.actor, first, last));
  SummaryView view{.period = {.start = to_date(summary.from), .end = to_date(summary.until - std::chrono::days(1))},
                   .total_credits_used = summary.all.credits,
                   .total_cost_usd = dollars(summary.all.cost),
                   .by_operation = views_of(summary.by_operation),
                   .by_model = views_of(summary.by_model)};
  for (const service::UseOfDay& day : summary.by_day) {
    UseOfDayView one;
    static_cast<UseTotalsView&>(one) = view_of(day.totals);
    one.date = day.day;
    view.by_day.push_back(std::move(one));
  }
  co_return view;
}

Task<Result<Listed<TransactionView>>> list_transactions(Call& call, Query<TransactionQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  co_return listed<TransactionView>(
      GALLEY_CO_TRY(call.services.billing.entries(call.actor, query.transaction_type, page)), page, transaction_of);
}

Task<Result<Listed<UseView>>> list_usage(Call& call, Query<UseQuery> query) {
  const NumberedPage page = GALLEY_CO_TRY(page_number(query));
  co_return listed<UseView>(GALLEY_CO_TRY(call.services.billing.uses(call.actor, query.operation_type, page)), page,
                            use_of);
}

}  // namespace galley::api::igny8

namespace galley {

using namespace api::igny8;

namespace {

constexpr Rules date_rules{.format = "date", .example = "\"2026-03-01\""};

Rules day(std::string_view about) {
  Rules rules = date_rules;
  rules.about = about;
  return rules;
}

template <class T>
ShapeOf<T>& with_totals(ShapeOf<T>& shape) {
  shape.field("count", &UseTotalsView::count, {.about = "How often."});
  shape.field("credits", &UseTotalsView::credits).field("cost_usd", &UseTotalsView::cost_usd);
  return shape;
}

}  // namespace

template <>
const Shape& shape_of<BalanceView>() {
  static const Shape shape =
      ShapeOf<BalanceView>("CreditBalance", "What is left of the month's credits.")
          .field("credits", &BalanceView::credits, {.example = "4990"})
          .field("plan", &BalanceView::plan)
          .field("plan_credits_per_month", &BalanceView::plan_credits_per_month, {.example = "5000"})
          .field("credits_used_this_month", &BalanceView::credits_used_this_month, {.example = "10"})
          .field("credits_remaining", &BalanceView::credits_remaining, {.example = "4990"})
          .field("resets_at", &BalanceView::resets_at)
          .field("unlimited", &BalanceView::unlimited,
                 {.omit_absent = true, .about = "true where nothing is refused for want of credits."});
  return shape;
}

template <>
const Shape& shape_of<SummaryQuery>() {
  static const Shape shape =
      ShapeOf<SummaryQuery>("UsageSummaryQuery", "Which days, of UTC; both are included.")
          .field("start_date", &SummaryQuery::start_date, day("The first day of end_date's month by default."))
          .field("end_date", &SummaryQuery::end_date, day("Today by default."));
  return shape;
}

template <>
const Shape& shape_of<PeriodView>() {
  static const Shape shape = ShapeOf<PeriodView>("UsagePeriod", "From which day to which.")
                                 .field("start", &PeriodView::start, date_rules)
                                 .field("end", &PeriodView::end, date_rules);
  return shape;
}

template <>
const Shape& shape_of<UseTotalsView>() {
  static const Shape shape = [] {
    ShapeOf<UseTotalsView> fields("UsageTotals", "Uses taken together.");
    return Shape(with_totals(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<UseOfDayView>() {
  static const Shape shape = [] {
    ShapeOf<UseOfDayView> fields("UsageOfDay", "Uses of one day.");
    fields.field("date", &UseOfDayView::date, date_rules);
    return Shape(with_totals(fields));
  }();
  return shape;
}

template <>
const Shape& shape_of<SummaryView>() {
  static const Shape shape =
      ShapeOf<SummaryView>("UsageSummary", "What credits were used for.")
          .field("period", &SummaryView::period)
          .field("total_credits_used", &SummaryView::total_credits_used)
          .field("total_cost_usd", &SummaryView::total_cost_usd, {.about = "What the operator paid to providers."})
          .field("by_operation", &SummaryView::by_operation)
          .field("by_model", &SummaryView::by_model)
          .field("by_day", &SummaryView::by_day);
  return shape;
}

template <>
const Shape& shape_of<TransactionView>() {
  static const Shape shape =
      ShapeOf<TransactionView>("CreditTransaction", "A line of the ledger, which is only ever appended to.")
          .field("id", &TransactionView::id)
          .field("transaction_type", &TransactionView::transaction_type)
          .field("operation_type", &TransactionView::operation_type)
          .field("amount", &TransactionView::amount, {.about = "Negative for a charge.", .example = "-5"})
          .field("balance_after", &TransactionView::balance_after)
          .field("description", &TransactionView::description)
          .field("reference", &TransactionView::reference, {.about = "Id of the job or article that it is for."})
          .field("created_at", &TransactionView::created_at);
  return shape;
}

template <>
const Shape& shape_of<TransactionQuery>() {
  static const Shape shape = [] {
    ShapeOf<TransactionQuery> fields("CreditTransactionQuery", "Which lines, and which page of them.");
    with_paging(fields);
    fields.field("transaction_type", &TransactionQuery::transaction_type);
    return Shape(fields);
  }();
  return shape;
}

template <>
const Shape& shape_of<UseView>() {
  static const Shape shape = ShapeOf<UseView>("CreditUsage", "Work that was done and paid for.")
                                 .field("id", &UseView::id)
                                 .field("operation_type", &UseView::operation_type)
                                 .field("model_used", &UseView::model_used, {.example = "\"outline\""})
                                 .field("credits_used", &UseView::credits_used, {.example = "5"})
                                 .field("cost_usd", &UseView::cost_usd)
                                 .field("tokens_input", &UseView::tokens_input)
                                 .field("tokens_output", &UseView::tokens_output)
                                 .field("reference", &UseView::reference, {.about = "Id of the job or article."})
                                 .field("created_at", &UseView::created_at);
  return shape;
}

template <>
const Shape& shape_of<UseQuery>() {
  static const Shape shape = [] {
    ShapeOf<UseQuery> fields("CreditUsageQuery", "Which uses, and which page of them.");
    with_paging(fields);
    fields.field("operation_type", &UseQuery::operation_type);
    return Shape(fields);
  }();
  return shape;
}

}  // namespace galley
