// Pages of the public sitemap, in SQL.
#pragma once

#include <vector>

#include "domain/sitemap.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

class SitemapRepo final : public SitemapPages {
 public:
  // connection outlives this.
  explicit SitemapRepo(Connection& connection) : connection_(connection) {}

  // By number.
  Result<std::vector<SitemapPage>> pages(const ProjectId& project) const override;
  // Without bodies.
  Result<std::vector<Article>> articles(const ProjectId& project, int page) const override;
  Result<std::vector<Article>> newest(const ProjectId& project, int max, bool with_bodies) const override;
  // The article takes the place when it is next written with this page, in the same transaction.
  Result<int> give_place(const ProjectId& project, Time now) override;
  Result<void> bump(const ProjectId& project, int page, Time now) override;
  Result<void> bump_all(const ProjectId& project, Time now) override;

 private:
  Connection& connection_;
};

}  // namespace galley::storage
