// /account
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/endpoint.hpp"
#include "domain/account.hpp"

namespace galley::api::icf {

struct RateLimitView {
  int requests_per_minute = 0;
  int burst = 0;
};
struct ArticleQuotaView {
  std::optional<std::int64_t> limit{};
  std::int64_t used = 0;
  std::int64_t reserved = 0;
  std::int64_t spent = 0;
  Time resets_at{};
};
struct ProjectQuotaView {
  std::optional<std::int64_t> limit{};
  std::int64_t used = 0;
};
struct QuotaView {
  ArticleQuotaView articles{};
  ProjectQuotaView projects{};
};
struct AccountView {
  AccountId id;
  std::string name;
  Plan plan = Plan::free;
  bool unlimited_credits = false;
  RateLimitView rate_limit{};
  QuotaView quota{};
  std::int64_t version = 1;
  Time created_at{};
};

Task<Result<AccountView>> get_account(Call& call);

}  // namespace galley::api::icf

namespace galley {

template <>
const Shape& shape_of<api::icf::RateLimitView>();
template <>
const Shape& shape_of<api::icf::ArticleQuotaView>();
template <>
const Shape& shape_of<api::icf::ProjectQuotaView>();
template <>
const Shape& shape_of<api::icf::QuotaView>();
template <>
const Shape& shape_of<api::icf::AccountView>();

}  // namespace galley
