// Keywords of a whole account, of KeywordRepo.
#include "storage/browsing.hpp"
#include "storage/keyword_repo.hpp"
#include "storage/keyword_row.hpp"

namespace galley::storage {
namespace {

std::string_view column_of(KeywordBrowse::Order order) {
  switch (order) {
    case KeywordBrowse::Order::created_at:
      return "created_at";
    case KeywordBrowse::Order::volume:
      return "coalesce(volume, -1)";
    case KeywordBrowse::Order::difficulty:
      return "coalesce(difficulty, -1)";
    case KeywordBrowse::Order::text:
      return "text";
  }
  return "created_at";
}

}  // namespace

Result<Counted<Keyword>> KeywordRepo::browse(const AccountId& account, const KeywordBrowse& wanted) const {
  Wanted rows(account, wanted.project, wanted.cluster);
  rows.with("planning = $planning", "planning", wanted.planning).with("intent = $intent", "intent", wanted.intent);
  rows.with("difficulty >= $difficulty_min", "difficulty_min", wanted.difficulty_min);
  rows.with("difficulty <= $difficulty_max", "difficulty_max", wanted.difficulty_max);
  rows.with("volume >= $volume_min", "volume_min", wanted.volume_min);
  rows.with("volume <= $volume_max", "volume_max", wanted.volume_max);
  rows.containing("folded", wanted.search);
  const BrowseSql list{
      .columns = std::string(keyword_columns),
      .table = "keywords",
      .order = std::string(column_of(wanted.order)) + (wanted.descending ? " DESC" : ""),
      .count_of_account = "SELECT coalesce(sum(amount), 0) FROM keyword_counts WHERE account_id = $account"};
  return browse_rows<Keyword>(connection_, list, rows, wanted.page, read_keyword);
}

}  // namespace galley::storage
