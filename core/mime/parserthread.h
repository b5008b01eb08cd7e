// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QThreadPool>

namespace satchel::mime {

/// Bytes of stack that a thread needs on which messages are parsed: parts within parts and boxes within boxes are
/// followed by calls within calls. As much as the main thread has; others get 512 kB on macOS and 1 MB on Windows.
constexpr uint parserStackSize = 8U << 20;

/// One worker for the parsing of messages, with the stack that it needs.
inline void prepareForParsing(QThreadPool &worker)
{
    worker.setMaxThreadCount(1);
    worker.setStackSize(parserStackSize);
}

} // namespace satchel::mime
