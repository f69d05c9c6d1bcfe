// The ids of everything that has one.
#pragma once

#include "base/ids.hpp"

namespace galley {

struct AccountTag {
  static constexpr std::string_view prefix = "acc", noun = "account";
};
struct UserTag {
  static constexpr std::string_view prefix = "usr", noun = "user";
};
struct SigningKeyTag {
  static constexpr std::string_view prefix = "sig", noun = "signing key";
};
struct ApiKeyTag {
  static constexpr std::string_view prefix = "key", noun = "key";
};
struct ProjectTag {
  static constexpr std::string_view prefix = "proj", noun = "project";
};
struct KeywordTag {
  static constexpr std::string_view prefix = "kw", noun = "keyword";
};
struct ClusterTag {
  static constexpr std::string_view prefix = "clu", noun = "cluster";
};
struct ArticleTag {
  static constexpr std::string_view prefix = "art", noun = "article";
};
struct ConnectionTag {
  static constexpr std::string_view prefix = "conn", noun = "connection";
};
struct PublicationTag {
  static constexpr std::string_view prefix = "pub", noun = "publication";
};
struct WebhookTag {
  static constexpr std::string_view prefix = "wh", noun = "webhook";
};
struct EventTag {
  static constexpr std::string_view prefix = "evt", noun = "event";
};
struct DeliveryTag {
  static constexpr std::string_view prefix = "dlv", noun = "delivery";
};
struct IdeaTag {
  static constexpr std::string_view prefix = "idea", noun = "idea";
};
struct WritingTaskTag {
  static constexpr std::string_view prefix = "task", noun = "task";
};
struct JobTag {
  static constexpr std::string_view prefix = "job", noun = "job";
};

using AccountId = Id<AccountTag>;
using UserId = Id<UserTag>;
using SigningKeyId = Id<SigningKeyTag>;
using ApiKeyId = Id<ApiKeyTag>;
using ProjectId = Id<ProjectTag>;
using KeywordId = Id<KeywordTag>;
using ClusterId = Id<ClusterTag>;
using ArticleId = Id<ArticleTag>;
using ConnectionId = Id<ConnectionTag>;
using PublicationId = Id<PublicationTag>;
using WebhookId = Id<WebhookTag>;
using EventId = Id<EventTag>;
using DeliveryId = Id<DeliveryTag>;
using IdeaId = Id<IdeaTag>;
using WritingTaskId = Id<WritingTaskTag>;
using JobId = Id<JobTag>;

}  // namespace galley
