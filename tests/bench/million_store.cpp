// Fills a data folder with articles by the very repos that the server uses, in transactions of a thousand.
//   galley_million_store FOLDER EMAIL ARTICLES PROJECTS
// They are those of a new account, whose owner has the address. The first project gets 312 of 1,000 articles, the
// others share the rest in bursts; 15 of 16 are published natively, half are made from a keyword. Texts are drawn from
// a vocabulary of 60,000 made-up words whose frequencies fall as in a language, and three words of known frequency:
// "zyxrare" is in twenty articles of the store, "zyxhalf" in every second one, "zyxsingular" in the first one alone.
// Prints one line of JSON: the ids of the account and of the first and the last project, words that stand in nearly
// all, in a third and in one of 400 texts, the database's size and the seconds that it took.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/key_file.hpp"
#include "storage/sqlite_store.hpp"

namespace galley {
namespace {

constexpr std::int64_t batch_size = 1000;
constexpr std::int64_t burst = 25;         // what a project gets at a time
constexpr std::int64_t big_of_1000 = 312;  // of the first project
constexpr std::size_t vocabulary_size = 60'000;
constexpr Milliseconds span = std::chrono::hours(24 * 700);  // over which the articles were written

// What a new id begins with is the time of the row.
class SetClock final : public Clock {
 public:
  explicit SetClock(Time now) : now_(now) {}
  Time now() const override { return now_; }
  Instant instant() const override { return {}; }
  void set(Time now) { now_ = now; }

 private:
  Time now_;
};

class Writer {
 public:
  Writer() {
    constexpr std::array<std::string_view, 24> syllables = {"ba",  "ce",  "di",  "fo",  "gu",  "la",  "me", "ni",
                                                            "po",  "ru",  "sa",  "te",  "vi",  "wo",  "ka", "lin",
                                                            "mar", "ton", "der", "sel", "pir", "nos", "ku", "ze"};
    words_.reserve(vocabulary_size);
    for (std::size_t i = 0; words_.size() < vocabulary_size; ++i) {
      std::string word;
      for (std::size_t rest = i + 24; rest > 0; rest /= syllables.size())
        word += syllables[rest % syllables.size()];
      words_.push_back(std::move(word));
    }
    // Zipf-Mandelbrot: f(rank) ~ 1 / (rank + 2.7) ^ 1.05
    double sum = 0;
    cumulative_.reserve(vocabulary_size);
    for (std::size_t rank = 1; rank <= vocabulary_size; ++rank)
      cumulative_.push_back(sum += 1 / std::pow(static_cast<double>(rank) + 2.7, 1.05));
  }

  // From 1, the most frequent.
  const std::string& of_rank(std::size_t rank) const { return words_[rank - 1]; }
  std::string words(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += i % 14 == 0 ? ". " : " ";
      text += word();
    }
    return text;
  }
  std::size_t between(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random_);
  }
  std::string text(std::int64_t number, std::int64_t of) {
    std::string text = "## " + words(4) + "\n\n" + words(between(20, 90)) + ".\n\n" + words(between(10, 50)) + ".\n";
    if (number % std::max<std::int64_t>(of / 20, 1) == 0) text += "zyxrare\n";
    if (number % 2 == 0) text += "zyxhalf\n";
    if (number == 0) text += "zyxsingular\n";
    return text;
  }

 private:
  const std::string& word() {
    const double at = std::uniform_real_distribution<double>(0, cumulative_.back())(random_);
    const auto found = std::ranges::lower_bound(cumulative_, at);
    return words_[std::min(static_cast<std::size_t>(found - cumulative_.begin()), words_.size() - 1)];
  }

  std::mt19937_64 random_{20261125};
  std::vector<std::string> words_{};
  std::vector<double> cumulative_{};
};

class Load {
 public:
  Load(Store& store, AccountId account, std::int64_t articles, std::int64_t projects, Time now)
      : store_(store), account_(std::move(account)), articles_(articles), from_(now - span), clock_(from_) {
    for (std::int64_t i = 0; i < projects; ++i) {
      Project project;
      project.id = ids_.make<ProjectId>();
      project.account = account_;
      project.name = "Project " + std::to_string(i + 1);
      project.target_domain = "https://site" + std::to_string(i + 1) + ".example";
      project.created_at = project.updated_at = from_;
      projects_.push_back(std::move(project));
    }
  }

  Result<void> run() {
    GALLEY_TRY(store_.write_and_wait([&](Transaction& t) -> Result<void> {
      for (const Project& project : projects_)
        GALLEY_TRY(t.projects().insert(project, Secret("a project's secret of the bench")));
      return {};
    }));
    for (std::int64_t first = 0; first < articles_; first += batch_size) {
      const std::int64_t end = std::min(first + batch_size, articles_);
      GALLEY_TRY(store_.write_and_wait([&](Transaction& t) -> Result<void> {
        for (std::int64_t number = first; number < end; ++number)
          GALLEY_TRY(add(t, number));
        return {};
      }));
      if (end % 100'000 == 0) std::cerr << end << " articles\n";
    }
    return {};
  }

  const std::vector<Project>& projects() const { return projects_; }
  const Writer& writer() const { return writer_; }

 private:
  const Project& project_of(std::int64_t number) {
    const std::int64_t turn = number / burst;
    // Every place of a thousand turns once, and not the same project for a long time.
    if (projects_.size() == 1 || (turn * 389) % 1000 < big_of_1000) return projects_.front();
    const auto others = static_cast<std::int64_t>(projects_.size()) - 1;
    return projects_[static_cast<std::size_t>(1 + turn % others)];
  }

  Result<void> add(Transaction& t, std::int64_t number) {
    const Project& project = project_of(number);
    Article article;
    const Time time = from_ + span * number / articles_;
    clock_.set(time);
    article.id = ids_.make<ArticleId>();
    article.account = account_;
    article.project = project.id;
    article.text.title = writer_.words(writer_.between(4, 9)) + " " + std::to_string(number);
    article.text.markdown = writer_.text(number, articles_);
    article.text.excerpt = article.text.markdown.substr(0, 150);
    article.slug = "article-" + std::to_string(number);
    article.tags = {writer_.words(1), writer_.words(1)};
    article.word_count = static_cast<std::int64_t>(std::ranges::count(article.text.markdown, ' '));
    article.created_at = time;
    // One in eight was changed long after it was written.
    article.updated_at = number % 8 == 0 ? time + (from_ + span - time) / 2 : time;
    article.status = status_of(number);
    if (number % 2 == 1) GALLEY_TRY(add_keyword(t, article, number));
    if (article.status == ArticleStatus::published) {
      article.published_at = article.last_updated_at = time;
      article.sitemap_page = GALLEY_TRY(t.sitemap_pages().give_place(project.id, time));
    }
    GALLEY_TRY(t.articles().insert(article, "user usr_bench"));
    if (article.status != ArticleStatus::published) return {};
    Publication publication;
    publication.id = ids_.make<PublicationId>();
    publication.account = account_;
    publication.project = project.id;
    publication.article = article.id;
    publication.status = PublicationStatus::live;
    publication.attempts = 1;
    publication.published_at = publication.created_at = publication.updated_at = time;
    return t.publications().insert(publication);
  }

  static ArticleStatus status_of(std::int64_t number) {
    if ((number / burst + number) % 16 != 0) return ArticleStatus::published;
    return number % 3 == 0 ? ArticleStatus::draft : ArticleStatus::ready;
  }

  Result<void> add_keyword(Transaction& t, Article& article, std::int64_t number) {
    Keyword keyword;
    keyword.id = ids_.make<KeywordId>();
    keyword.account = account_;
    keyword.project = article.project;
    keyword.text = writer_.words(3) + " " + std::to_string(number);
    keyword.volume = number % 5000;
    keyword.status = article.status == ArticleStatus::published ? KeywordStatus::published : KeywordStatus::generated;
    keyword.created_at = keyword.updated_at = article.created_at;
    article.keyword = keyword.id;
    article.keyword_text = keyword.text;
    return t.keywords().insert(keyword);
  }

  Store& store_;
  AccountId account_;
  std::int64_t articles_;
  Time from_;
  SetClock clock_;
  RandomIds ids_{clock_};
  Writer writer_{};
  std::vector<Project> projects_{};
};

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Its owner has no password and cannot log in.
Result<Account> make_account(Store& store, const std::string& email, Time now) {
  const SystemClock clock;
  RandomIds ids(clock);
  const Account account{.id = ids.make<AccountId>(),
                        .name = email,
                        .plan = Plan::agency,
                        .plan_since = now,
                        .unlimited_credits = true,
                        .created_at = now};
  const User user{.id = ids.make<UserId>(),
                  .account = account.id,
                  .email = email,
                  .role = Role::owner,
                  .password_hash = {},
                  .disabled = true,
                  .created_at = now};
  GALLEY_TRY(store.write_and_wait([&](Transaction& t) -> Result<void> {
    GALLEY_TRY(t.accounts().insert(account));
    return t.accounts().insert_user(user);
  }));
  return account;
}

Result<void> fill(const std::filesystem::path& folder, const std::string& email, std::int64_t articles,
                  std::int64_t projects) {
  const auto started = std::chrono::steady_clock::now();
  const Time now = SystemClock().now();
  KeyRing keys = GALLEY_TRY(storage::load_key_ring(folder, std::nullopt));
  std::unique_ptr<storage::SqliteStore> store = GALLEY_TRY(storage::SqliteStore::open(folder, std::move(keys), now));
  const Account account = GALLEY_TRY(make_account(*store, email, now));
  Load load(*store, account.id, articles, projects, now);
  GALLEY_TRY(load.run());
  store.reset();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
  const auto size = static_cast<unsigned long long>(std::filesystem::file_size(folder / "galley.db"));
  std::printf(R"({"account":"%s","big":"%s","small":"%s","common":"%s","usual":"%s","seldom":"%s","bytes":%llu,)"
              R"("seconds":%.1f})"
              "\n",
              account.id.text().c_str(), load.projects().front().id.text().c_str(),
              load.projects().back().id.text().c_str(), load.writer().of_rank(1).c_str(),
              load.writer().of_rank(40).c_str(), load.writer().of_rank(5000).c_str(), size, seconds.count());
  return {};
}

}  // namespace
}  // namespace galley

int main(int count, char** arguments) {
  const std::int64_t articles = count == 5 ? galley::number_of(arguments[3]) : 0;
  const std::int64_t projects = count == 5 ? galley::number_of(arguments[4]) : 0;
  if (articles < 1 || projects < 1) {
    std::cerr << "usage: galley_million_store FOLDER EMAIL ARTICLES PROJECTS\n";
    return 2;
  }
  const galley::Result<void> done = galley::fill(arguments[1], arguments[2], articles, projects);
  if (done.has_value()) return 0;
  std::cerr << done.error().message << ' ' << done.error().cause << '\n';
  return 1;
}
