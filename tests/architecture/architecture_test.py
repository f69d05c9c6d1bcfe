"""Holds the source tree against rules.py, and rules.py against small wrong trees, so that no rule is blind.

Run: python3 -B tests/architecture/architecture_test.py
"""

import unittest
from pathlib import Path

import rules

ROOT = Path(__file__).resolve().parents[2]


def read_sources(*folders):
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.[ch]pp")):
            if "node_modules" not in path.parts:
                found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
    return found


class TheSourceTree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = read_sources("lib", "app")
        cls.all = read_sources("lib", "app", "tests")
        cls.table = rules.declared_modules((ROOT / "lib/CMakeLists.txt").read_text(encoding="utf-8"))

    def holds(self, violations):
        found = list(violations)
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_is_read(self):
        self.assertGreater(len(self.program), 100)
        self.assertGreaterEqual(len(self.table), 13)

    def test_module_table_has_no_loop(self):
        self.holds(rules.check_table(self.table))

    def test_includes_follow_the_module_table(self):
        self.holds(rules.check_edges(self.program, self.table))

    def test_headers_include_each_other_in_one_direction(self):
        self.holds(rules.check_file_loops(self.program))

    def test_confined_things_stay_in_their_place(self):
        self.holds(rules.check_confined(self.program))

    def test_files_are_short_named_and_finished(self):
        self.holds(rules.check_files(self.all))

    def test_own_header_comes_first(self):
        self.holds(rules.check_own_header_first(self.program))


class TheRules(unittest.TestCase):
    TABLE = {"base": set(), "domain": {"base"}, "storage": {"domain"}, "http": {"base"}}

    def finds(self, part, violations):
        found = list(violations)
        self.assertEqual(1, len(found), found)
        self.assertIn(part, found[0])

    def edges(self, path, text):
        headers = [("lib/base/clock.hpp", ""), ("lib/domain/page.hpp", ""), ("lib/storage/sql.hpp", "")]
        return rules.check_edges([*headers, (path, text)], self.TABLE)

    def test_reads_the_module_table(self):
        cmake = ("galley_module(base                EXTERNAL galley_asio OpenSSL::Crypto)\n"
                 "# galley_module lines\nfunction(galley_module name)\n"
                 "galley_module(sitemap DEPENDS domain content\n               EXTERNAL ZLIB::ZLIB)\n"
                 "galley_module(api DEPENDS http service)\n")
        self.assertEqual({"base": set(), "sitemap": {"domain", "content"}, "api": {"http", "service"}},
                         rules.declared_modules(cmake))

    def test_finds_a_loop_and_an_unknown_module_in_the_table(self):
        self.finds("a depends on c", rules.check_table({"a": {"c"}}))
        self.assertEqual(2, len(list(rules.check_table({"a": {"b"}, "b": {"a"}}))))

    def test_finds_an_edge_that_is_not_in_the_table(self):
        self.finds("domain may not include storage", self.edges("lib/domain/a.cpp", '#include "storage/sql.hpp"\n'))
        self.finds("http may not include domain", self.edges("lib/http/a.hpp", ' #  include "domain/page.hpp"\n'))

    def test_allows_what_a_dependency_may_use(self):
        self.assertEqual([], list(self.edges("lib/storage/a.cpp", '#include "base/clock.hpp"\n#include "domain/page.hpp"')))

    def test_finds_an_include_of_nothing(self):
        self.finds("is no file under lib/", self.edges("lib/base/a.cpp", '#include "base/clok.hpp"\n'))
        self.finds("is no file under lib/", self.edges("lib/base/a.cpp", '#include "clock.hpp"\n'))
        self.finds("is no file under lib/", self.edges("app/a.cpp", '#include "base/clok.hpp"\n'))

    def test_finds_our_header_in_angles(self):
        self.finds("write it in quotes", self.edges("lib/domain/a.cpp", "#include <base/clock.hpp>\n"))

    def test_finds_a_folder_without_a_line(self):
        self.finds("has no galley_module line", self.edges("lib/extra/a.cpp", ""))

    def test_does_not_read_comments(self):
        self.assertEqual([], list(self.edges("lib/base/a.cpp", '// x\n/*\n#include "storage/sql.hpp"\n*/\n')))
        self.assertEqual([], list(rules.check_confined([("lib/api/a.cpp", "// std::getenv(\"A\")\n")])))

    def test_finds_headers_in_a_circle(self):
        loop = [("lib/base/a.hpp", '#include "base/b.hpp"\n'), ("lib/base/b.hpp", '#include "base/a.hpp"\n')]
        self.assertEqual(2, len(list(rules.check_file_loops(loop))))

    def test_finds_what_is_out_of_its_place(self):
        wrong = ["#include <sqlite3.h>", "#include <boost/beast/http.hpp>", '#include "rapidjson/reader.h"',
                 "auto t = std::chrono::system_clock::now();", "auto t = steady_clock::now();", "long t = time(nullptr);",
                 "std::time(&t);", 'std::getenv("HOME");', "std::random_device device;", "rand();",
                 'sql.run("SELECT id FROM article");', 'R"(" INSERT INTO a VALUES (1))";', 'f("UPDATE article SET a = 1");',
                 "std::this_thread::sleep_for(1s);", "std::variant<int, std::string> either;"]
        for text in wrong:
            with self.subTest(text):
                self.finds("lib/api/a.cpp:2", rules.check_confined([("lib/api/a.cpp", "\n" + text + "\n")]))

    def test_leaves_alone_what_only_looks_like_it(self):
        right = ["clock_.now();", "run_time(0);", "entry.time(0);", "publish_time(nullptr);", 'f("select an article");',
                 'f("Update the address");', "operand();"]
        for text in right:
            with self.subTest(text):
                self.assertEqual([], list(rules.check_confined([("lib/api/a.cpp", text)])))
        self.assertEqual([], list(rules.check_confined([("lib/storage/a.cpp", '#include <sqlite3.h>\nf("SELECT 1");')])))

    def test_finds_files_that_break_the_style(self):
        self.finds("351 lines", rules.check_files([("lib/api/a.cpp", "\n" * 351)]))
        self.finds("no #pragma once", rules.check_files([("lib/api/a.hpp", "int a;\n")]))
        self.finds("snake_case", rules.check_files([("lib/api/ArticleList.cpp", "")]))
        self.finds("says nothing", rules.check_files([("lib/api/string_utils.cpp", "")]))
        self.finds("says nothing", rules.check_files([("lib/api/common/a.cpp", "")]))
        self.finds("unfinished", rules.check_files([("lib/api/a.cpp", "// TO" "DO: finish\n")]))
        self.assertEqual([], list(rules.check_files([("lib/storage/data_folder.cpp", "\n" * 350)])))

    def test_finds_a_source_whose_header_is_not_first(self):
        header = ("lib/api/a.hpp", "#pragma once\n")
        self.finds("comes first",
                   rules.check_own_header_first([header, ("lib/api/a.cpp", '#include "base/b.hpp"\n#include "api/a.hpp"\n')]))
        self.assertEqual([], list(rules.check_own_header_first([header, ("lib/api/a.cpp", '#include "api/a.hpp"\n')])))


if __name__ == "__main__":
    unittest.main()
