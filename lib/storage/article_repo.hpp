// Articles, their revisions and their search terms, in SQL.
#pragma once

#include <cstdint>
#include <string>

#include "domain/article.hpp"
#include "storage/search_totals.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class ArticleRepo final : public Articles {
 public:
  // connection outlives this.
  explicit ArticleRepo(Connection& connection) : connection_(connection) {}

  Result<Article> find(const AccountId& account, const ArticleId& id) const override;
  // See article_list.hpp.
  Result<Page<Article>> list(const AccountId& account, const ArticleFilter& filter,
                             const PageRequest& page) const override;
  Result<Counted<Article>> browse(const AccountId& account, const ArticleBrowse& wanted) const override;
  Result<bool> slug_taken(const AccountId& account, const ProjectId& project, const std::string& slug) const override;
  Result<void> insert(const Article& article, const std::string& made_by) override;
  Result<void> restore(const Article& article, const std::vector<Revision>& revisions) override;
  // internal when a text would be lost: an empty one in place of a stored one without a new revision, which is what
  // writing back an article from a list without bodies would do.
  Result<void> update(const Article& article, const std::string& made_by) override;
  Result<void> remove(const AccountId& account, const ArticleId& id) override;
  // By SortField::created_at alone.
  Result<Page<Revision>> revisions(const AccountId& account, const ArticleId& id,
                                   const PageRequest& page) const override;
  Result<Revision> revision(const AccountId& account, const ArticleId& id, std::int64_t number) const override;

 private:
  Result<void> insert_row(const Article& article);
  Result<void> insert_revision(const AccountId& account, const Revision& revision);
  Result<void> run_for(std::string_view sql, const ArticleId& id);
  Result<void> unindex(const ArticleId& id);

  Connection& connection_;
  mutable SearchTotals search_totals_{};
};

}  // namespace galley::storage
