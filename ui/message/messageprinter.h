// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/message.h"

#include <memory>

class QPagedPaintDevice;
class QTextDocument;
class QWidget;

namespace satchel::ui {

class BodyView;

/// A message for paper: subject, who, when and what is attached, then its text in dark colours on white, whatever the
/// window looks like. Pictures are those that \a body shows; nothing else is loaded (law 7).
[[nodiscard]] std::unique_ptr<QTextDocument> paperDocument(const mime::Message &message, const BodyView &body);

/// Lays it out in pages with their numbers; what is wider than the paper is made smaller, to 60 %
/// at the least.
void printDocument(QTextDocument &document, QPagedPaintDevice &paper);

/// Asks for printer and pages, blocks nothing, and prints.
void askAndPrint(const mime::Message &message, const BodyView &body, QWidget *window);

} // namespace satchel::ui
