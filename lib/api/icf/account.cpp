#include "api/icf/account.hpp"

#include "service/account_service.hpp"

namespace galley::api::icf {

namespace {

AccountView view_of(const service::AccountDetail& detail) {
  const service::Quota& quota = detail.quota;
  return {.id = detail.account.id,
          .name = detail.account.name,
          .plan = detail.account.plan,
          .unlimited_credits = detail.account.unlimited_credits,
          .rate_limit = {detail.limits.requests_per_minute, detail.limits.burst},
          .quota = {.articles = {.limit = quota.limit,
                                 .used = quota.usage.reserved + quota.usage.spent,
                                 .reserved = quota.usage.reserved,
                                 .spent = quota.usage.spent,
                                 .resets_at = quota.period.until},
                    .projects = {.limit = detail.limits.projects, .used = detail.projects}},
          .created_at = detail.account.created_at};
}

}  // namespace

Task<Result<AccountView>> get_account(Call& call) {
  co_return view_of(GALLEY_CO_TRY(call.services.accounts.get(call.actor)));
}

}  // namespace galley::api::icf

namespace galley {

using namespace api::icf;

template <>
const Shape& shape_of<RateLimitView>() {
  static const Shape shape = ShapeOf<RateLimitView>("RateLimit", "How often a key may ask.")
                                 .field("requestsPerMinute", &RateLimitView::requests_per_minute)
                                 .field("burst", &RateLimitView::burst, {.about = "What a spike may take on top."});
  return shape;
}

template <>
const Shape& shape_of<ArticleQuotaView>() {
  static const Shape shape = ShapeOf<ArticleQuotaView>("ArticleQuota", "The plan's generated articles of this month.")
                                 .field("limit", &ArticleQuotaView::limit, {.about = "Null: no limit."})
                                 .field("used", &ArticleQuotaView::used, {.about = "Reserved and spent together."})
                                 .field("reserved", &ArticleQuotaView::reserved, {.about = "Queued and not finished."})
                                 .field("spent", &ArticleQuotaView::spent, {.about = "Generated."})
                                 .field("resetsAt", &ArticleQuotaView::resets_at);
  return shape;
}

template <>
const Shape& shape_of<ProjectQuotaView>() {
  static const Shape shape = ShapeOf<ProjectQuotaView>("ProjectQuota", "The plan's projects.")
                                 .field("limit", &ProjectQuotaView::limit, {.about = "Null: no limit."})
                                 .field("used", &ProjectQuotaView::used);
  return shape;
}

template <>
const Shape& shape_of<QuotaView>() {
  static const Shape shape = ShapeOf<QuotaView>("Quota", "What the plan allows, and what of it is used.")
                                 .field("articles", &QuotaView::articles)
                                 .field("projects", &QuotaView::projects);
  return shape;
}

template <>
const Shape& shape_of<AccountView>() {
  static const Shape shape = ShapeOf<AccountView>("Account", "The account that the credential belongs to.")
                                 .field("id", &AccountView::id)
                                 .field("name", &AccountView::name)
                                 .field("plan", &AccountView::plan)
                                 .field("unlimitedCredits", &AccountView::unlimited_credits)
                                 .field("rateLimit", &AccountView::rate_limit)
                                 .field("quota", &AccountView::quota)
                                 .field("createdAt", &AccountView::created_at);
  return shape;
}

}  // namespace galley
