// Lists and searches of articles: which statement serves which filter, so that none walks a million rows for twenty.
#pragma once

#include "domain/article.hpp"
#include "storage/search_totals.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

// Articles::list. A search looks at all matches in the order of creation, and at the newest counted_exactly of them in
// every other order and to count those that a filter of more than a few thousand articles lets through: the total then
// says that it is not exact. The last word may be a beginning where it is no word of any article.
Result<Page<Article>> list_articles(Connection& connection, SearchTotals& totals, const AccountId& account,
                                    const ArticleFilter& filter, const PageRequest& page);

}  // namespace galley::storage
