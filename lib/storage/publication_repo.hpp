// Publications of articles, in SQL.
#pragma once

#include <optional>
#include <vector>

#include "domain/connection.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class PublicationRepo final : public Publications {
 public:
  // connection outlives this.
  explicit PublicationRepo(Connection& connection) : connection_(connection) {}

  Result<Publication> find(const AccountId& account, const PublicationId& id) const override;
  Result<std::optional<Publication>> find_for(const AccountId& account, const ArticleId& article,
                                              const std::optional<ConnectionId>& connection) const override;
  // Oldest first.
  Result<std::vector<Publication>> of_article(const AccountId& account, const ArticleId& article) const override;
  // By SortField::created_at or updated_at.
  Result<Page<Publication>> list(const AccountId& account, const PublicationFilter& filter,
                                 const PageRequest& page) const override;
  // conflict when the article has one for the connection.
  Result<void> insert(const Publication& publication) override;
  Result<void> update(const Publication& publication) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
