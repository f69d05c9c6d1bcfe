// What tests of exports and imports do over and over: servers to move between, and structs compared whole.
#pragma once

#include <sstream>
#include <string>
#include <tuple>
#include <utility>

#include "service/account_export.hpp"
#include "service/account_import.hpp"
#include "service/article_transitions.hpp"
#include "service/event_recorder.hpp"
#include "support/manual_clock.hpp"
#include "support/sequence_ids.hpp"
#include "support/two_sites.hpp"

namespace galley::test {

// One name for each field. A field that is new does not compile here until it is named; then it has to differ from its
// default in the tests' samples (all_but()), and so to be exported and imported to be equal.
inline auto parts_of(const Account& a) {
  const auto& [id, name, plan, plan_since, unlimited, created] = a;
  return std::tie(id, name, plan, plan_since, unlimited, created);
}
inline auto parts_of(const SitemapSettings& s) {
  const auto& [changefreq, priority, base_url] = s;
  return std::tie(changefreq, priority, base_url);
}
inline auto parts_of(const Project& p) {
  const auto& [id, account, name, niche, domain, language, tone, style, avoid, author, connection, permalink, sitemap,
               version, created, updated] = p;
  return std::tuple_cat(std::tie(id, account, name, niche, domain, language, tone, style, avoid, author, connection,
                                 permalink, version, created, updated),
                        parts_of(sitemap));
}
inline auto parts_of(const Cluster& c) {
  const auto& [id, account, project, name, created] = c;
  return std::tie(id, account, project, name, created);
}
inline auto parts_of(const Keyword& k) {
  const auto& [id, account, project, text, volume, difficulty, intent, priority, cluster, status, article, version,
               created, updated, planning] = k;
  return std::tie(id, account, project, text, volume, difficulty, intent, priority, cluster, status, article, version,
                  created, updated, planning);
}
inline auto parts_of(const Idea& i) {
  const auto& [id, account, project, title, description, type, structure, keywords, cluster, status, words, created,
               updated] = i;
  return std::tie(id, account, project, title, description, type, structure, keywords, cluster, status, words, created,
                  updated);
}
inline auto parts_of(const WritingTask& t) {
  const auto& [id, account, project, title, description, keywords, cluster, idea, type, structure, status, words,
               primary, secondary, tags, categories, article, created, updated] = t;
  return std::tie(id, account, project, title, description, keywords, cluster, idea, type, structure, status, words,
                  primary, secondary, tags, categories, article, created, updated);
}
inline auto parts_of(const Connection& c) {
  const auto& [id, account, project, name, type, settings, categories, tags, status, error, used, hint, version,
               created, updated] = c;
  return std::tie(id, account, project, name, type, settings, categories, tags, status, error, used, hint, version,
                  created, updated);
}
inline auto parts_of(const Webhook& w) {
  const auto& [id, account, project, url, events, format, body_template, headers, rate, in_flight, status, reason,
               own_secret, failing, version, created, updated] = w;
  return std::tie(id, account, project, url, events, format, body_template, headers, rate, in_flight, status, reason,
                  own_secret, failing, version, created, updated);
}
inline auto parts_of(const Article& a) {
  const auto& [id, account, project, keyword, keyword_text, text, slug, status, stage, categories, tags, author,
               canonical, image, words, scheduled, published, last_updated, external, error, page, revision, version,
               created, updated] = a;
  return std::tie(id, account, project, keyword, keyword_text, text, slug, status, stage, categories, tags, author,
                  canonical, image, words, scheduled, published, last_updated, external, error, page, revision, version,
                  created, updated);
}
inline auto parts_of(const ArticleText& t) {
  const auto& [title, markdown, excerpt, meta_title, meta_description, meta_keywords] = t;
  return std::tie(title, markdown, excerpt, meta_title, meta_description, meta_keywords);
}
inline auto parts_of(const Revision& r) {
  const auto& [article, number, text, made_by, created] = r;
  return std::tie(article, number, text, made_by, created);
}
inline auto parts_of(const Publication& p) {
  const auto& [id, account, project, article, connection, status, external_id, external_url, error, attempts, published,
               version, created, updated] = p;
  return std::tie(id, account, project, article, connection, status, external_id, external_url, error, attempts,
                  published, version, created, updated);
}

template <class T>
bool same(const T& a, const T& b) {
  return parts_of(a) == parts_of(b);
}

// How many fields of the sample are what they are by default.
template <class T>
int defaults_in(const T& sample) {
  const T fresh{};
  return std::apply(
      [&](const auto&... mine) {
        return std::apply([&](const auto&... theirs) { return (static_cast<int>(mine == theirs) + ...); },
                          parts_of(fresh));
      },
      parts_of(sample));
}

// A server's store and what exports and imports need.
struct Server {
  TempStore store{};
  ManualClock clock{};
  SequenceIds ids{};
  PlanTable plans{};
  service::Context context{*store, clock, ids, plans};
  service::EventRecorder events{context};
  service::ArticleTransitions transitions{context, events};

  template <class Body>
  auto read(Body body) {
    return must(store->read(std::move(body)));
  }
  template <class Body>
  void write(Body body) {
    store.write(std::move(body));
  }

  std::string exported(const AccountId& account) {
    std::string text;
    must(service::AccountExport(context).write_lines({.account = account, .role = Role::owner},
                                                     [&](std::string_view lines) -> Result<void> {
                                                       text += lines;
                                                       return {};
                                                     }));
    return text;
  }
  Result<service::AccountImportOutcome> import(const std::string& text, service::AccountImportOptions options = {}) {
    std::istringstream in(text);
    return service::AccountImport(context, {.account = {}, .role = Role::owner}, std::move(options)).run(in);
  }
  service::ImportReport into(const AccountId& account, const std::string& text) {
    return must(import(text, {.account = account.text()})).report;
  }
};

// Without the header, which tells when and of which plan.
inline std::string without_header(const std::string& text) {
  return text.substr(text.find('\n') + 1);
}

inline std::int64_t created(const service::ImportReport& report) {
  std::int64_t sum = 0;
  for (const auto& [noun, tally] : report.nouns)
    sum += tally.created;
  return sum;
}

}  // namespace galley::test
