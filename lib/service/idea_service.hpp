// Ideas of a site: written by people or thought up from clusters, and made into tasks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "domain/idea.hpp"
#include "service/actor.hpp"
#include "service/context.hpp"
#include "service/planned.hpp"

namespace galley::service {

// A list's filter, which names things by their numbers; what there is not matches nothing.
struct IdeaFilter {
  IdeaBrowse browse{};
  std::optional<std::int64_t> site{};
  std::optional<std::int64_t> cluster{};
};

// What a person writes of an idea.
struct IdeaDraft {
  std::string title;
  std::string description{};
  ContentType type = ContentType::post;
  ContentStructure structure = ContentStructure::article;
  std::vector<std::string> keywords{};
  std::optional<std::int64_t> cluster{};
  std::optional<int> word_count{};  // the account's default where absent
  IdeaStatus status = IdeaStatus::open;
};

struct GeneratedIdeas {
  std::int64_t credits_used = 0;
  std::vector<PlannedIdea> ideas{};
};

class IdeaService {
 public:
  static constexpr std::size_t max_clusters = 50;  // of one call of generate

  // Both outlive this.
  IdeaService(const Context& context, const IdeaWriter& writer) : context_(context), writer_(writer) {}

  Result<Counted<PlannedIdea>> list(const Actor& actor, const IdeaFilter& filter) const;
  Result<PlannedIdea> get(const Actor& actor, std::int64_t number) const;
  // site: absent for the default.
  Task<Result<PlannedIdea>> create(Actor actor, IdeaDraft draft, std::optional<std::int64_t> site) const;
  using Edit = std::function<Result<void>(IdeaDraft&)>;
  // edit runs in the transaction on what the idea is then.
  Task<Result<PlannedIdea>> update(Actor actor, std::int64_t number, Edit edit) const;
  Task<Result<void>> remove(Actor actor, std::int64_t number) const;

  // Ideas for each of these clusters, whose ideas of the same title are not made again; without numbers for all of the
  // site that have none yet, at most max_clusters. quota_exceeded where the account has too few credits.
  Task<Result<GeneratedIdeas>> generate(Actor actor, std::vector<std::int64_t> clusters,
                                        std::optional<std::int64_t> site) const;
  // Makes a task of it. conflict where there is one already.
  Task<Result<PlannedTask>> queue(Actor actor, std::int64_t number) const;

 private:
  const Context& context_;
  const IdeaWriter& writer_;
};

}  // namespace galley::service
