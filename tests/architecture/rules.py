"""The rules of the source tree that a program can check. Each takes sources and yields violations.

A source is (path, text); paths are relative to the root: "lib/storage/writer.cpp".
"""

import re
from pathlib import Path

MODULE_LINE = re.compile(r"^galley_module\((\w+)\s+(.*?)\)", re.MULTILINE | re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)

# What may stand only where the second column says, and why. Patterns are searched in code without comments.
CONFINED = [
    (r"#\s*include\s*[<\"]sqlite3\.h", ["lib/storage/"], "only storage knows SQLite"),
    (r"#\s*include\s*[<\"]curl/", ["lib/mail/"], "libcurl is for mail: HTTP goes through net, which guards it"),
    (r"#\s*include\s*[<\"]boost/beast", ["lib/http/", "lib/net/", "lib/base/beast.cpp"],
     "only the two ends of HTTP know Beast"),
    (r"#\s*include\s*[<\"]rapidjson", ["lib/base/"], "all JSON goes through base/json"),
    (r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock)::now\b|\bclock_gettime\b|\bgettimeofday\b|"
     r"(?<![\w.>:])(?:std::|::)?time\(\s*(?:nullptr|NULL|0|&)", ["lib/base/clock.cpp"],
     "only base/clock reads the time, so that tests can turn it"),
    # systemd hands a socket over through the environment, and it must be read where the socket is opened.
    (r"\bgetenv\b", ["app/", "lib/http/listener.cpp"], "settings come from app/config"),
    (r"\bstd::(?:random_device|mt19937\w*)\b|\b(?:std::)?s?rand\(|\bgetrandom\(|\bRAND_(?:priv_)?bytes\b",
     ["lib/base/"], "only base/ids and base/crypto make randomness"),
    (r"\"\s*(?:WITH\s+\w+\s+AS|SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|"
     r"CREATE\s+(?:TABLE|INDEX|UNIQUE)\b|PRAGMA\s)", ["lib/storage/"], "nothing above storage holds SQL"),
    (r"\bstd::variant\s*<", [], "std::variant destroys what was never made when a copy fails: see base/variant.hpp"),
    (r"\bstd::this_thread::sleep", ["lib/base/out_of_memory.cpp"], "nothing sleeps: timers and conditions wait"),
]

# Names of files that say nothing: the noun was not found yet.
EMPTY_NAMES = {"util", "utils", "utility", "common", "helper", "helpers", "manager", "impl", "core", "misc", "data", "info"}

# Lines that a file may have. A longer one lacks a noun.
MAX_LINES = {"lib": 350, "app": 350, "tests": 450}
# Tables from a specification, which no noun would divide.
TABLES = {"lib/content/html_entity_names.hpp"}


def declared_modules(cmake):
    """The table of lib/CMakeLists.txt: module -> modules on its line."""
    table = {}
    for name, rest in MODULE_LINE.findall(cmake):
        words = rest.split()
        depends = words[words.index("DEPENDS") + 1:] if "DEPENDS" in words else []
        table[name] = set(depends[:depends.index("EXTERNAL")] if "EXTERNAL" in depends else depends)
    return table


def reachable(table, module):
    """What a module may include: what is on its line, and what those may."""
    found, waiting = set(), [module]
    while waiting:
        for next_one in table.get(waiting.pop(), ()):
            if next_one not in found:
                found.add(next_one)
                waiting.append(next_one)
    return found


def without_comments(text):
    """Code with its comments blanked; texts stay, since SQL is looked for in them. Line numbers hold."""
    token = re.compile(r'R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*.*?\*/', re.DOTALL)

    def keep(match):
        found = match.group(0)
        return re.sub(r"[^\n]", " ", found) if found.startswith(("//", "/*")) else found

    return token.sub(keep, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def includes(text):
    code = without_comments(text)
    return [(kind, name, line_of(code, match.start()))
            for match in INCLUDE.finditer(code) for kind, name in [match.groups()]]


def module_of(path):
    parts = Path(path).parts
    return parts[1] if parts[0] == "lib" and len(parts) > 2 else None


def check_table(table):
    for module, depends in sorted(table.items()):
        for unknown in sorted(depends - table.keys()):
            yield f"lib/CMakeLists.txt: {module} depends on {unknown}, which is no module"
        if module in reachable(table, module):
            yield f"lib/CMakeLists.txt: {module} depends on itself in a loop"


def check_edges(sources, table):
    """Every #include of the project's own headers: it exists, is spelled from lib/, and its edge is in the table."""
    headers = {path.removeprefix("lib/") for path, _ in sources if path.startswith("lib/")}
    for path, text in sources:
        module = module_of(path)
        if module is not None and module not in table:
            yield f"{path}: {module} has no galley_module line"
            continue
        for kind, name, line in includes(text):
            target = name.split("/")[0]
            if kind == "<":
                if name in headers:
                    yield f"{path}:{line}: <{name}> is ours: write it in quotes"
                continue
            if path.startswith("app/") and target not in table:
                continue  # the compiler judges these
            if name not in headers:
                yield f"{path}:{line}: \"{name}\" is no file under lib/"
            elif module is not None and target != module and target not in reachable(table, module):
                yield f"{path}:{line}: {module} may not include {target} (\"{name}\")"


def check_file_loops(sources):
    """Headers that include each other in a circle: #pragma once makes them compile by luck."""
    graph = {path.removeprefix("lib/"): {name for kind, name, _ in includes(text) if kind == '"'}
             for path, text in sources if path.startswith("lib/") and path.endswith(".hpp")}
    for header in sorted(graph):
        if header in reachable(graph, header):
            yield f"lib/{header}: includes itself through others"


def check_confined(sources):
    for path, text in sources:
        code = without_comments(text)
        for pattern, places, reason in CONFINED:
            if any(path.startswith(place) for place in places):
                continue
            for match in re.finditer(pattern, code):
                yield f"{path}:{line_of(code, match.start())}: \"{match.group(0).strip()}\": {reason}"


def check_files(sources):
    for path, text in sources:
        file = Path(path)
        lines = text.count("\n")
        bound = MAX_LINES[file.parts[0]]
        if lines > bound and path not in TABLES:
            yield f"{path}: {lines} lines, at most {bound}: look for the missing noun"
        if file.suffix == ".hpp" and not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield f"{path}: has no #pragma once"
        if not re.fullmatch(r"[a-z0-9_]+", file.stem):
            yield f"{path}: names of files are snake_case"
        for name in [file.stem, *file.parts[1:-1]]:
            if name in EMPTY_NAMES or name.split("_")[-1] in EMPTY_NAMES - {"data", "info", "core"}:
                yield f"{path}: \"{name}\" says nothing of what is in it"
        for match in re.finditer(r"\b(?:TODO|FIXME|XXX)\b", text):
            yield f"{path}:{line_of(text, match.start())}: unfinished work is not left in comments"
        if file.suffix == ".cpp" and re.search(r"^\s*using namespace std;", text, re.MULTILINE):
            yield f"{path}: using namespace std"


def check_own_header_first(sources):
    """Own header first, so that some file proves that it stands alone."""
    headers = {path for path, _ in sources if path.endswith(".hpp")}
    for path, text in sources:
        header = path.removesuffix(".cpp") + ".hpp"
        if not path.startswith("lib/") or header not in headers or path == header:
            continue
        own = header.removeprefix("lib/")
        names = [name for _, name, _ in includes(text)]
        if not names or names[0] != own:
            yield f"{path}: its own header \"{own}\" comes first"
