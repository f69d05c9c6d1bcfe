#include "base/unicode.hpp"

#include <catch2/catch.hpp>
#include <string>

using galley::fold_text;
using galley::tidy_line;
using namespace std::literals;

TEST_CASE("unicode: keywords that people take for the same fold to the same", "[base]") {
  CHECK(fold_text("  SEO\tTools \n for  you ") == "seo tools for you");
  CHECK(fold_text("STRASSE") == fold_text("Straße"));
  CHECK(fold_text("Ärzte") == fold_text("A\u0308RZTE"));
  CHECK(fold_text("\uFF33\uFF25\uFF2F") == "seo");
  CHECK(fold_text("ﬁnance") == "finance");
  CHECK(fold_text("a\u00A0\u3000b") == "a b");
  CHECK(fold_text("ΣΊΣΥΦΟΣ") == fold_text("σίσυφος"));
  CHECK(fold_text("") == "");
  CHECK(fold_text(" \u2003 ") == "");
}

TEST_CASE("unicode: different keywords stay different", "[base]") {
  CHECK(fold_text("resume") != fold_text("résumé"));
  CHECK(fold_text("schon") != fold_text("schön"));
  CHECK(fold_text("ab") != fold_text("a b"));
  CHECK(fold_text("c++") != fold_text("c"));
}

TEST_CASE("unicode: folding and tidying again change nothing", "[base]") {
  for (const std::string text : {"Straße", "\u0345\u0391", "\u1E9E", "İstanbul", "\u01C5x", "ﬀ\u0301", "\u00A8a", "ΐ",
                                 "\u1FB4", "a \u0301b", "\uFDFA", "e\u0301\u0327", "\u2126\u212B"}) {
    INFO(text);
    CHECK(fold_text(fold_text(text)) == fold_text(text));
    CHECK(tidy_line(tidy_line(text)) == tidy_line(text));
  }
}

TEST_CASE("unicode: a tidy line is one line of composed text without controls", "[base]") {
  CHECK(tidy_line("  Ten\r\n tips\tfor\u2028you  ") == "Ten tips for you");
  CHECK(tidy_line("Cafe\u0301") == "Café");
  CHECK(tidy_line("e\x01\u0301") == "é");
  CHECK(tidy_line("a\0b\x1B[31mc\x7F"s) == "ab[31mc");
  CHECK(tidy_line("ä\u0085b\u0090c\x01") == "ä bc");
  CHECK(tidy_line("a \x02 b") == "a b");
  CHECK(tidy_line("ä \x02 b") == "ä b");
  CHECK(tidy_line("\n") == "");
}

TEST_CASE("unicode: a tidy line keeps case, width and emoji as they were typed", "[base]") {
  CHECK(tidy_line("ＳＥＯ Straße ﬁ") == "ＳＥＯ Straße ﬁ");
  CHECK(tidy_line("👩\u200D💻 at work") == "👩\u200D💻 at work");
}
