// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/message.h"
#include "mime/message.h"

#include <QFuture>

namespace satchel::library {
class Library;
}

namespace satchel::ui {

/// Where a message that is shown comes from: the store, or a file that was opened. The same questions to both.
class MessageSource
{
public:
    MessageSource() = default;
    MessageSource(library::Library &library, MessageId id);
    MessageSource(library::Library &library, const QByteArray &raw);

    [[nodiscard]] bool isValid() const { return m_library != nullptr; }
    [[nodiscard]] MessageId id() const { return m_id; } ///< none for a file
    /// Unlike that of any other message that was shown: inline pictures are named by it (html.md).
    [[nodiscard]] const QString &prefix() const { return m_prefix; }

    /// \a charset: the person's choice where the message is wrong or silent.
    [[nodiscard]] QFuture<Expected<mime::Message>> message(const QByteArray &charset = {}) const;
    [[nodiscard]] QFuture<Expected<QByteArray>> bytes() const;
    [[nodiscard]] QFuture<Expected<QByteArray>> partContent(int part) const;

private:
    library::Library *m_library = nullptr;
    MessageId m_id;
    QByteArray m_raw;
    QString m_prefix;
};

} // namespace satchel::ui
