// The whole numbers by which the planner and writer API calls rows, and back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/store.hpp"
#include "service/actor.hpp"

namespace galley::service {

// The numbers of what is asked for again and again on one page.
template <class Tag>
class Numbers {
 public:
  // Both outlive this.
  Numbers(const Transaction& transaction, const AccountId& account) : transaction_(transaction), account_(account) {}

  Result<std::int64_t> of(const Id<Tag>& id) {
    if (const auto known = known_.find(id); known != known_.end()) return known->second;
    const std::int64_t number = GALLEY_TRY(transaction_.accounts().number_of(account_, id));
    known_.emplace(id, number);
    return number;
  }
  Result<std::optional<std::int64_t>> of(const std::optional<Id<Tag>>& id) {
    if (!id) return std::optional<std::int64_t>();
    return std::optional(GALLEY_TRY(of(*id)));
  }

 private:
  const Transaction& transaction_;
  const AccountId& account_;
  std::map<Id<Tag>, std::int64_t> known_{};
};

// Nothing for what is nobody's or another account's; a store that fails is no such thing.
template <class Tag>
Result<std::optional<Id<Tag>>> look_up(const Transaction& transaction, const AccountId& account, std::int64_t number) {
  Result<std::string> text = transaction.accounts().id_of(account, Tag::prefix, number);
  if (text) return std::optional(Id<Tag>(*std::move(text)));
  if (text.error().code != ErrorCode::not_found) return std::move(text).error();
  return std::optional<Id<Tag>>();
}
// What a path names: not_found.
template <class Tag>
Result<Id<Tag>> id_of(const Transaction& transaction, const AccountId& account, std::int64_t number) {
  std::optional<Id<Tag>> id = GALLEY_TRY(look_up<Tag>(transaction, account, number));
  if (!id) return not_found(Tag::noun, std::to_string(number));
  return *std::move(id);
}
// What a field names: validation_failed.
template <class Tag>
Result<Id<Tag>> id_in(const Transaction& transaction, const AccountId& account, std::string field,
                      std::int64_t number) {
  std::optional<Id<Tag>> id = GALLEY_TRY(look_up<Tag>(transaction, account, number));
  if (!id)
    return invalid(std::move(field),
                   "is not the id of a " + std::string(Tag::noun) + " of this account: " + std::to_string(number));
  return *std::move(id);
}
// The same for several, in their order, each once.
template <class Tag>
Result<std::vector<Id<Tag>>> ids_in(const Transaction& transaction, const AccountId& account, const std::string& field,
                                    const std::vector<std::int64_t>& numbers) {
  std::vector<Id<Tag>> ids;
  std::map<std::int64_t, bool> seen;
  for (const std::int64_t number : numbers)
    if (seen.emplace(number, true).second) ids.push_back(GALLEY_TRY(id_in<Tag>(transaction, account, field, number)));
  return ids;
}

// A project that the actor may see.
Result<std::optional<ProjectId>> find_site(const Transaction& transaction, const Actor& actor, std::int64_t number);
// Of a list's filter: the site that is asked for, else the one that the actor is bound to, else all. nothing: asked for
// is one that there is not, so nothing can be found.
struct SiteFilter {
  bool none = false;
  std::optional<ProjectId> project{};
};
Result<SiteFilter> site_filter(const Transaction& transaction, const Actor& actor,
                               const std::optional<std::int64_t>& site);
// Where something new goes: the site that is named, else the actor's, else the account's default, else its first.
Result<ProjectId> site_of(const Transaction& transaction, const Actor& actor, const std::optional<std::int64_t>& site);

// Of a path: not_found.
Result<Cluster> find_cluster(const Transaction& transaction, const Actor& actor, std::int64_t number);
// In a field: one of a project that the actor may not see is told like one that there is not.
Result<Cluster> cluster_in(const Transaction& transaction, const Actor& actor, std::int64_t number,
                           std::string field = "cluster_id");

}  // namespace galley::service
