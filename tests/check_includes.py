#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Law 10: arrows point down. Checks every #include against the table of who may include whom.

Usage: check_includes.py SOURCE_DIR   (exit status 1 and a line per offence when the rule is broken)
       check_includes.py --self-test
"""
import pathlib
import re
import sys

MAY = {
    "base": set(),
    "net": {"base"},
    "store": {"base"},
    "mime": {"base"},
    "pop3": {"net", "base"},
    "smtp": {"net", "base"},
    "autoconfig": {"net", "base"},
    "sync": {"pop3", "smtp", "store", "mime", "net", "base"},
    "library": {"store", "mime", "base"},
    "exchange": {"store", "mime", "base"},
    "ui": {"library", "base"},
    "app": {"base", "net", "store", "mime", "pop3", "smtp", "autoconfig", "sync", "library", "exchange", "ui"},
}
# Plain value headers that the windows may know besides.
VALUES_FOR_UI = {
    "autoconfig/proposal.h", "mime/message.h", "mime/link.h", "mime/filename.h", "mime/plaintext.h", "sync/types.h", "sync/mailboxtypes.h",
    "sync/care.h", "sync/trialresult.h", "net/wirelog.h",
}
# What only one room may touch, and what no room below the windows may.
ONLY = {
    r"<(QSql\w*|QtSql.*)>": {"store"},
    r"<(KMime|kmime).*>": {"mime"},
    r"<gumbo\.h>": {"mime"},
    r"<(QSslSocket|QTcpSocket|QTcpServer|QUdpSocket|QAbstractSocket)>": {"net"},
    r"<(QNetworkAccessManager|QNetworkRequest|QNetworkReply|QDnsLookup|QHostInfo)>": {"net", "sync", "autoconfig"},
    r"<(QWidget|QtWidgets.*|QApplication|QMainWindow|QGuiApplication|QtGui.*|QImage|QPixmap|QIcon|QPainter)>": {"ui", "app"},
    # Law 5: the GUI thread reads and writes no files; library/files.h does, on threads of its own.
    r"<(QFile|QSaveFile|QTemporaryFile|QDirIterator|QFileSystemWatcher|QStorageInfo|fstream|filesystem|cstdio)>": {
        "base", "net", "store", "mime", "pop3", "smtp", "autoconfig", "sync", "library", "exchange", "app"},
    r"<(qt6keychain|qtkeychain)/.*>": {"app"},
    r"<(QMutex|QReadWriteLock|QSemaphore|QWaitCondition|mutex|shared_mutex)>": set(),
}
# What only one file may include.
ONLY_IN = {
    # Law 12: what moves for ever wakes the computer up for ever.
    r"<(QProgressBar|QMovie|QProgressDialog)>": {"ui/theme/calmbar.h"},
}
# base needs Qt Core alone; so do all rooms but those named here.
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|(<[^>]+>))', re.M)


def room_of(path: str):
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] == "core" and len(parts) > 2:
        return parts[1]
    return parts[0] if parts[0] in ("ui", "app") else None


def offences(path: str, text: str):
    room = room_of(path)
    if room is None:
        return
    for match in INCLUDE.finditer(text):
        quoted, angled = match.groups()
        if quoted:
            target = quoted.split("/")[0]
            if target == room or quoted.endswith(".moc"):
                continue
            if target not in MAY:
                yield f'{path}: #include "{quoted}" does not name a room'
            elif room == "ui" and quoted in VALUES_FOR_UI:
                continue
            elif target not in MAY[room]:
                yield f'{path}: {room} may not include {target} ("{quoted}")'
        else:
            for pattern, rooms in ONLY.items():
                if re.fullmatch(pattern, angled) and room not in rooms:
                    yield f"{path}: {room} may not include {angled}"
            for pattern, files in ONLY_IN.items():
                if re.fullmatch(pattern, angled) and path not in files:
                    yield f"{path}: only {', '.join(sorted(files))} may include {angled}"


def self_test():
    bad = [
        ("core/base/x.h", '#include "store/writer.h"'),
        ("core/pop3/x.cpp", '#include "store/writer.h"'),
        ("core/mime/x.cpp", '#include "net/sasl.h"'),
        ("core/library/x.cpp", '#include "sync/engine.h"'),
        ("ui/list/x.cpp", '#include "sync/engine.h"'),
        ("ui/list/x.cpp", "#include <QSqlQuery>"),
        ("core/sync/x.cpp", "#include <QSslSocket>"),
        ("core/store/x.cpp", "#include <QMutex>"),
        ("core/sync/x.cpp", '#include "helper.h"'),
        ("ui/bars/x.cpp", "#include <QProgressBar>"),
    ]
    good = [
        ("core/store/x.cpp", "#include <QSqlQuery>"),
        ("ui/list/x.cpp", '#include "sync/types.h"'),
        ("ui/theme/calmbar.h", "#include <QProgressBar>"),
        ("core/sync/x.cpp", '#include "pop3/session.h"'),
        ("tests/sync/x.cpp", '#include "store/writer.h"\n#include <QSqlQuery>'),
    ]
    for path, text in bad:
        assert list(offences(path, text)), (path, text)
    for path, text in good:
        assert not list(offences(path, text)), (path, text)


def main():
    self_test()
    if sys.argv[1:] == ["--self-test"]:
        return 0
    root = pathlib.Path(sys.argv[1])
    found, files = [], 0
    for top in ("core", "ui", "app"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".h", ".cpp"):
                files += 1
                found += offences(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    print("\n".join(found))
    print(f"{files} files read, {len(found)} offences")
    return 1 if found or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
