// Ideas, over SQL.
#pragma once

#include "domain/idea.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class IdeaRepo final : public Ideas {
 public:
  // connection outlives this.
  explicit IdeaRepo(Connection& connection) : connection_(connection) {}

  Result<Idea> find(const AccountId& account, const IdeaId& id) const override;
  Result<Counted<Idea>> browse(const AccountId& account, const IdeaBrowse& wanted) const override;
  Result<Chunk<Idea>> scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                           int max) const override;
  Result<void> insert(const Idea& idea) override;
  Result<void> update(const Idea& idea) override;
  Result<void> remove(const AccountId& account, const IdeaId& id) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
