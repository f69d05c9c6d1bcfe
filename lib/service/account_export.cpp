#include "service/account_export.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "content/slug.hpp"
#include "service/article_markdown.hpp"

namespace galley::service {

namespace {

constexpr int rows_at_once = 1000;
// What is gathered before it is handed on.
constexpr std::size_t piece = std::size_t{256} << 10;
constexpr Sort oldest_first{.field = SortField::created_at, .descending = false};

// Every row of a list that is read by pages, each in a transaction of its own.
template <class T, class List, class Each>
Result<void> for_each_row(Store& store, const List& list, const Each& each) {
  PageRequest request{.size = PageRequest::max_size, .sort = oldest_first};
  do {
    Page<T> page = GALLEY_TRY(store.read([&](const Transaction& transaction) { return list(transaction, request); }));
    for (T& row : page.rows)
      GALLEY_TRY(each(std::move(row)));
    request.after = page.next;
  } while (request.after);
  return {};
}

template <class Each>
Result<void> for_each_project(Store& store, const AccountId& account, const Each& each) {
  return for_each_row<Project>(
      store,
      [&](const Transaction& transaction, const PageRequest& page) {
        return transaction.projects().list(account, page, std::nullopt);
      },
      each);
}

// Without bodies: a page of a hundred texts might be a hundred megabytes.
template <class Each>
Result<void> for_each_article(Store& store, const Project& project, const Each& each) {
  return for_each_row<Article>(
      store,
      [&](const Transaction& transaction, const PageRequest& page) {
        return transaction.articles().list(project.account, {.project = project.id}, page);
      },
      each);
}

// What was removed since the list was read is not there any more, and is no failure.
bool is_gone(const Error& error) {
  return error.code == ErrorCode::not_found;
}

// What its text takes in memory, and about the rest of it.
std::size_t size_of(const ArticleText& text) {
  std::size_t size = text.title.size() + text.markdown.size() + 1024;
  for (const auto* one : {&text.excerpt, &text.meta_title, &text.meta_description})
    size += *one ? (*one)->size() : 0;
  for (const std::string& keyword : text.meta_keywords)
    size += keyword.size();
  return size;
}

class Lines {
 public:
  Lines(Store& store, const AccountExport::Sink& sink) : store_(store), sink_(sink) {}

  Result<void> add(const ExportLine& line) {
    append_line(out_, line);
    ++tally_.lines[std::string(noun_of(line))];
    return out_.size() < piece ? Result<void>() : flush();
  }

  Result<void> flush() {
    if (out_.empty()) return {};
    GALLEY_TRY(sink_(out_));
    out_.clear();
    return {};
  }

  Result<void> project(const Project& project) {
    GALLEY_TRY(add(project));
    const auto clusters = GALLEY_TRY(store_.read(
        [&](const Transaction& transaction) { return transaction.keywords().clusters(project.account, project.id); }));
    for (const Cluster& cluster : clusters)
      GALLEY_TRY(add(cluster));
    GALLEY_TRY(scanned([&](const Transaction& transaction, std::int64_t after) {
      return transaction.keywords().scan(project.account, project.id, after, rows_at_once);
    }));
    GALLEY_TRY(scanned([&](const Transaction& transaction, std::int64_t after) {
      return transaction.ideas().scan(project.account, project.id, after, rows_at_once);
    }));
    GALLEY_TRY(for_each_row<Connection>(
        store_,
        [&](const Transaction& transaction, const PageRequest& page) {
          return transaction.connections().list(project.account, project.id, page);
        },
        [&](Connection connection) { return add(line_of(std::move(connection), project)); }));
    GALLEY_TRY(for_each_row<Webhook>(
        store_,
        [&](const Transaction& transaction, const PageRequest& page) {
          return transaction.webhooks().list(project.account, project.id, page);
        },
        [&](Webhook webhook) { return add(line_of(std::move(webhook))); }));
    GALLEY_TRY(for_each_article(store_, project, [&](const Article& article) { return this->article(article); }));
    return scanned([&](const Transaction& transaction, std::int64_t after) {
      return transaction.writing_tasks().scan(project.account, project.id, after, rows_at_once);
    });
  }

  ExportTally take() { return std::move(tally_); }

 private:
  // scan(const Transaction&, after) gives the next ones.
  template <class Scan>
  Result<void> scanned(const Scan& scan) {
    std::optional<std::int64_t> after = 0;
    while (after) {
      const auto chunk =
          GALLEY_TRY(store_.read([&](const Transaction& transaction) { return scan(transaction, *after); }));
      for (const auto& row : chunk.rows)
        GALLEY_TRY(add(row));
      after = chunk.next;
    }
    return {};
  }

  // In one transaction, so that its text, its revisions and its publications are of one moment. Nothing is handed on in
  // it: a slow disk or reader shall not keep it open.
  Result<void> article(const Article& listed) {
    std::vector<ExportLine> lines;
    std::int64_t left_out = 0;
    const auto read = store_.read([&](const Transaction& transaction) -> Result<void> {
      ArticleLine line{GALLEY_TRY(transaction.articles().find(listed.account, listed.id))};
      if (line.keyword) {
        const Result<Keyword> keyword = transaction.keywords().find(line.account, *line.keyword);
        line.newest_of_keyword = keyword && keyword->article == line.id;
      }
      std::vector<ExportLine> revisions;
      left_out = GALLEY_TRY(newest_revisions(transaction, line, revisions));
      auto publications = GALLEY_TRY(transaction.publications().of_article(listed.account, listed.id));
      line.revision_lines = static_cast<std::int64_t>(revisions.size());
      line.publication_lines = static_cast<std::int64_t>(publications.size());
      lines.emplace_back(std::move(line));
      std::move(revisions.rbegin(), revisions.rend(), std::back_inserter(lines));
      std::move(publications.begin(), publications.end(), std::back_inserter(lines));
      return {};
    });
    if (read.has_error()) return is_gone(read.error()) ? Result<void>() : read.error();
    tally_.revisions_left_out += left_out;
    for (const ExportLine& line : lines)
      GALLEY_TRY(add(line));
    return {};
  }

  // Newest first, within half of what an article's lines may take: escapes lengthen what is written. Says how many are
  // left out.
  static Result<std::int64_t> newest_revisions(const Transaction& transaction, const Article& article,
                                               std::vector<ExportLine>& out) {
    std::size_t size = 0;
    std::int64_t left_out = 0;
    PageRequest request{.size = PageRequest::max_size};
    do {
      const Page<Revision> page = GALLEY_TRY(transaction.articles().revisions(article.account, article.id, request));
      for (const Revision& listed : page.rows) {
        if (left_out > 0) {
          ++left_out;
          continue;
        }
        Revision revision = GALLEY_TRY(transaction.articles().revision(article.account, article.id, listed.number));
        size += size_of(revision.text);
        if (size > max_article_lines / 2)
          ++left_out;
        else
          out.emplace_back(std::move(revision));
      }
      request.after = page.next;
    } while (request.after);
    return left_out;
  }

  Store& store_;
  const AccountExport::Sink& sink_;
  std::string out_;
  ExportTally tally_;
};

// A name that no folder or file beside it has.
std::string unused(std::set<std::string>& used, std::string name, std::string_view id) {
  if (name.empty() || used.contains(name)) name += (name.empty() ? "" : "-") + std::string(id.substr(id.find('_') + 1));
  used.insert(name);
  return name;
}

}  // namespace

Result<ExportTally> AccountExport::write_lines(const Actor& actor, const Sink& sink) const {
  GALLEY_TRY(require_whole_account(actor));
  ExportHeader header{.exported_at = context_.clock.now()};
  header.account = GALLEY_TRY(
      context_.store.read([&](const Transaction& transaction) { return transaction.accounts().find(actor.account); }));
  Lines lines(context_.store, sink);
  GALLEY_TRY(lines.add(header));
  GALLEY_TRY(
      for_each_project(context_.store, actor.account, [&](const Project& project) { return lines.project(project); }));
  GALLEY_TRY(lines.flush());
  return lines.take();
}

Result<ExportTally> AccountExport::write_markdown(const Actor& actor, const FileSink& sink) const {
  GALLEY_TRY(require_whole_account(actor));
  ExportTally tally;
  std::set<std::string> folders;
  GALLEY_TRY(for_each_project(context_.store, actor.account, [&](const Project& project) -> Result<void> {
    const std::string folder = unused(folders, content::make_slug(project.name, project.language), project.id.text());
    ++tally.lines["project"];
    return for_each_article(context_.store, project, [&](const Article& listed) -> Result<void> {
      const Result<Article> article = context_.store.read(
          [&](const Transaction& transaction) { return transaction.articles().find(actor.account, listed.id); });
      if (article.has_error()) return is_gone(article.error()) ? Result<void>() : article.error();
      ++tally.lines["article"];
      return sink(folder, markdown_file_name(*article), to_markdown(*article));
    });
  }));
  return tally;
}

}  // namespace galley::service
