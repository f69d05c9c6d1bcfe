// Ideas for articles that a planner keeps for a site, and the port to what thinks them up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "domain/article.hpp"
#include "domain/identity.hpp"
#include "domain/keyword.hpp"
#include "domain/page.hpp"

namespace galley {

enum class ContentType : std::uint8_t { post, page, product, taxonomy };
enum class ContentStructure : std::uint8_t { article, guide, comparison, review, listicle };
// open: nothing was made of it yet; queued: there is a task; completed: the task's content was written.
enum class IdeaStatus : std::uint8_t { open, queued, completed };

template <>
struct Names<ContentType> {
  static constexpr NameOf<ContentType> all[] = {{ContentType::post, "post"},
                                                {ContentType::page, "page"},
                                                {ContentType::product, "product"},
                                                {ContentType::taxonomy, "taxonomy"}};
};
template <>
struct Names<ContentStructure> {
  static constexpr NameOf<ContentStructure> all[] = {{ContentStructure::article, "article"},
                                                     {ContentStructure::guide, "guide"},
                                                     {ContentStructure::comparison, "comparison"},
                                                     {ContentStructure::review, "review"},
                                                     {ContentStructure::listicle, "listicle"}};
};
template <>
struct Names<IdeaStatus> {
  static constexpr NameOf<IdeaStatus> all[] = {
      {IdeaStatus::open, "new"}, {IdeaStatus::queued, "queued"}, {IdeaStatus::completed, "completed"}};
};

struct Idea {
  static constexpr std::size_t max_title = 300;         // code points
  static constexpr std::size_t max_description = 5000;  // code points
  static constexpr std::size_t max_keywords = 50;

  IdeaId id;
  AccountId account;
  ProjectId project;
  std::string title;
  std::string description{};
  ContentType type = ContentType::post;
  ContentStructure structure = ContentStructure::article;
  std::vector<std::string> keywords{};  // the first is what the article is about
  std::optional<ClusterId> cluster{};
  IdeaStatus status = IdeaStatus::open;
  int word_count = 1200;
  Time created_at{};
  Time updated_at{};
};

// All the rules of the struct; every bad field at once.
Result<void> check(const Idea& idea);

// Ideas of an account, or of one project or cluster in it.
struct IdeaBrowse {
  std::optional<ProjectId> project{};
  std::optional<ClusterId> cluster{};
  std::optional<IdeaStatus> status{};
  std::optional<ContentStructure> structure{};
  std::string search{};  // a part of the title, without regard to case; empty: all
  SortField order = SortField::created_at;
  bool descending = true;
  NumberedPage page{};
};

class Ideas {
 public:
  virtual ~Ideas() = default;

  virtual Result<Idea> find(const AccountId& account, const IdeaId& id) const = 0;
  virtual Result<Counted<Idea>> browse(const AccountId& account, const IdeaBrowse& wanted) const = 0;
  // All of a project in the order of creation, at most max behind the place after, which is 0 at first.
  virtual Result<Chunk<Idea>> scan(const AccountId& account, const ProjectId& project, std::int64_t after,
                                   int max) const = 0;
  virtual Result<void> insert(const Idea& idea) = 0;
  virtual Result<void> update(const Idea& idea) = 0;
  virtual Result<void> remove(const AccountId& account, const IdeaId& id) = 0;
};

// Thinks up what could be written for a cluster. Any thread may call it; the same brief gives the same ideas.
class IdeaWriter {
 public:
  static constexpr std::size_t max_ideas = 5;  // of one cluster

  struct Brief {
    std::string cluster;
    std::vector<Keyword> keywords{};  // highest volume first; not empty
    std::string language;             // BCP 47
  };
  struct Draft {
    std::string title;
    std::string description{};
    ContentStructure structure = ContentStructure::article;
    std::vector<std::string> keywords{};
    int word_count = 1200;
  };

  virtual ~IdeaWriter() = default;
  // One to max_ideas.
  virtual std::vector<Draft> write(const Brief& brief) const = 0;
};

}  // namespace galley
