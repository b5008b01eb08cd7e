#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The current time comes from a clock that is given (core/base/clock.h), so that a test can turn it. Nothing else in core/,
app/ and ui/ asks the system what time it is.

Usage: check_clock.py SOURCE_DIR   (exit status 1 and a line per offence)
       check_clock.py --self-test
"""
import pathlib
import re
import sys

ALLOWED = {"core/base/clock.cpp"}
# Timers that measure how long something takes go by a clock that nobody sets, and are not meant.
ASKS = re.compile(
    r"\bQDateTime::current\w+|\bQDate::currentDate\b|\bQTime::currentTime\b|\bsystem_clock\b|\bclock_gettime\b"
    r"|\bgettimeofday\b|\bGetSystemTime\w*|(?<![\w:.>])(?:std::|::)?time\s*\(\s*(?:nullptr|NULL|0)\s*\)")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


def offences(path: str, text: str):
    if path in ALLOWED:
        return
    text = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    for match in ASKS.finditer(text):
        yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()} asks the system for the time"


def self_test():
    bad = [
        "const QDateTime now = QDateTime::currentDateTimeUtc();", "QDateTime::currentMSecsSinceEpoch()",
        "QDate::currentDate()", "QTime::currentTime()", "std::chrono::system_clock::now()", "std::time(nullptr)",
        "time(NULL)", "::time(0)",
    ]
    good = [
        "m_clock.now()", "Clock().now()", "QElapsedTimer timer;", "std::chrono::steady_clock::now()", "m_survey->time()",
        "select.time(0)", "// QDateTime::currentDateTimeUtc() is not asked", "const CountedTime time(nullptr_t)",
    ]
    for text in bad:
        assert list(offences("core/sync/x.cpp", text)), text
        assert not list(offences("core/base/clock.cpp", text)), text
    for text in good:
        assert not list(offences("core/sync/x.cpp", text)), text
    assert list(offences("core/x.cpp", "/* a\n b */\nQDate::currentDate()"))[0].startswith("core/x.cpp:3:")


def main():
    self_test()
    if sys.argv[1:] == ["--self-test"]:
        return 0
    root = pathlib.Path(sys.argv[1])
    found, files = [], 0
    for top in ("core", "app", "ui"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                files += 1
                found += offences(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    print("\n".join(found))
    print(f"{files} files read, {len(found)} offences")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
