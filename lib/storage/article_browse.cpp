// Articles of a whole account by page number, of ArticleRepo.
#include "storage/article_repo.hpp"
#include "storage/article_row.hpp"
#include "storage/browsing.hpp"

namespace galley::storage {
namespace {

std::string_view condition_of(Editorial editorial) {
  switch (editorial) {
    case Editorial::draft:
      return "status IN ('draft', 'queued', 'generating', 'error')";
    case Editorial::review:
      return "status = 'ready' AND stage <> 'approved'";
    case Editorial::approved:
      return "status IN ('ready', 'scheduled') AND (status = 'scheduled' OR stage = 'approved')";
    case Editorial::published:
      return "status = 'published'";
  }
  return "TRUE";
}

}  // namespace

Result<Counted<Article>> ArticleRepo::browse(const AccountId& account, const ArticleBrowse& wanted) const {
  Wanted rows(account, wanted.project);
  if (wanted.editorial) rows.narrow(condition_of(*wanted.editorial));
  if (wanted.with_image) rows.narrow("featured_image_url IS NOT NULL");
  rows.containing("title", wanted.search);
  const BrowseSql list{
      .columns = article_columns(Bodies::without),
      .table = "articles",
      .order = std::string(to_text(wanted.order)) + (wanted.descending ? " DESC" : ""),
      .count_of_account = "SELECT coalesce(sum(amount), 0) FROM article_counts WHERE account_id = $account"};
  return browse_rows<Article>(connection_, list, rows, wanted.page, read_article);
}

}  // namespace galley::storage
