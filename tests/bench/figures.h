// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>
#include <QTextStream>

#include <ctime>
#include <utility>

namespace satchel::bench {

// How the benchmarks speak: figures, one a line, on standard output. What fails ends them.

inline QTextStream &out()
{
    static QTextStream stream(stdout);
    return stream;
}

inline void figure(const QString &name, double value, const QString &unit)
{
    out() << QStringLiteral("%1 %2 %3\n").arg(name, -52).arg(value, 12, 'f', 3).arg(unit);
    out().flush();
}

inline double cpuSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

[[noreturn]] inline void die(const Error &error)
{
    qFatal("%s %s", qPrintable(error.text), qPrintable(error.detail));
}

inline void orDie(const Expected<void> &expected)
{
    if (!expected)
        die(expected.error());
}

template <class T>
T orDie(Expected<T> expected)
{
    if (!expected)
        die(expected.error());
    return std::move(*expected);
}

} // namespace satchel::bench
