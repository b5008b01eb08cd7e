#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the quirks of servers (Q1 to Q58), the ways in which a hostile server attacks, the defects of other mail
programs and the cases that Satchel had wrong that have a test which names them. What must be named, and by which tests, is in promises.txt.

Usage: count_promises.py SOURCE_DIR   (exit status 1 and a line for each promise without its test)
       count_promises.py --self-test
"""
import pathlib
import re
import sys

QUIRKS = 58
# A function, or the name of a row: both begin with what they hold.
NAME = re.compile(r'void\s+(?:\w+::)?(\w+)\s*\(|"((?:Q\d|sec)[^"]*)"')


def names(text: str):
    """Of the tests in a source file, without what stands in comments."""
    text = re.sub(r"//[^\n]*", "", text)
    return {function or row for function, row in NAME.findall(text)}


def quirks(found):
    """The numbers that a name begins with: Q15_Q16_typed holds 15 and 16."""
    numbers = set()
    for name in found:
        begin = re.match(r"(?:law\d+_|sec_)?((?:Q\d+[_ :])+)", name)
        if begin:
            numbers |= {int(number) for number in re.findall(r"\d+", begin.group(1))}
    return numbers


def check(tests: dict, promises: str):
    """Problems and counts. tests: names by file, without its ending."""
    problems, counts = [], {}
    open_quirks = set()
    for line in promises.splitlines():
        if not line or line.startswith("#"):
            continue
        kind, what, by = (part.strip() for part in line.split("|"))
        if kind == "open":
            open_quirks.add(int(what[1:]))
            continue
        missing = [one for one in by.split() if one.split(":")[1] not in tests.get(one.split(":")[0], set())]
        problems += [f"there is no test {one}, which holds: {what}" for one in missing]
        good, all_of_them = counts.get(kind, (0, 0))
        counts[kind] = (good + (not missing), all_of_them + 1)
    held = quirks(set().union(*tests.values()))
    for number in range(1, QUIRKS + 1):
        if number in held and number in open_quirks:
            problems.append(f"Q{number} has a test and is said to be open")
        elif number not in held and number not in open_quirks:
            problems.append(f"no test names Q{number}")
    counts["quirk"] = (len(held & set(range(1, QUIRKS + 1))), QUIRKS)
    return problems, counts


def self_test():
    found = names('void Q1_Q2_x() {}\nvoid T::sec_y()\nrow("Q3 a row", 1); // "Q4 not" \nvoid law4_Q5_z()\ncall("see Q6")')
    assert quirks(found) == {1, 2, 3, 5}, found
    problems, counts = check({"t": {"a"}}, "wire | w | t:a\nwire | v | t:a t:b\nopen | Q7 | why")
    assert counts["wire"] == (1, 2) and "there is no test t:b, which holds: v" in problems
    assert "no test names Q6" in problems and "no test names Q7" not in problems
    assert "Q7 has a test and is said to be open" in check({"t": {"Q7_x"}}, "open | Q7 | why")[0]


def main():
    if sys.argv[1:] == ["--self-test"]:
        self_test()
        return 0
    tests = {}
    for path in sorted(pathlib.Path(sys.argv[1], "tests").rglob("tst_*.cpp")):
        tests[path.stem] = names(path.read_text(encoding="utf-8"))
    problems, counts = check(tests, pathlib.Path(sys.argv[1], "tests", "promises.txt").read_text(encoding="utf-8"))
    for problem in problems:
        print(problem)
    labels = {"quirk": "quirks of servers", "wire": "attacks by a server", "defect": "defects of other programs",
              "case": "cases that were wrong"}
    print("Named by a test: " + ", ".join(f"{counts[kind][0]} of {counts[kind][1]} {label}" for kind, label in labels.items()))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
