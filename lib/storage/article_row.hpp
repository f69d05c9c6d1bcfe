// How an article lies in a row: for every statement that reads one.
#pragma once

#include <string>
#include <string_view>

#include "domain/article.hpp"
#include "storage/sql.hpp"

namespace galley::storage {

enum class Bodies : bool { without, with };

// The columns of a table named articles, in the order of read_article. Without bodies the Markdown is not even read: it
// lies on pages of its own.
std::string article_columns(Bodies bodies);
Article read_article(const Row& row);

}  // namespace galley::storage
