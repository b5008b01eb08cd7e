// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/messagesource.h"

#include "library/library.h"

#include <QUuid>

namespace satchel::ui {

MessageSource::MessageSource(library::Library &library, MessageId id)
    : m_library(&library)
    , m_id(id)
    , m_prefix(QUuid::createUuid().toString(QUuid::Id128))
{
}

MessageSource::MessageSource(library::Library &library, const QByteArray &raw)
    : m_library(&library)
    , m_raw(raw)
    , m_prefix(QUuid::createUuid().toString(QUuid::Id128))
{
}

QFuture<Expected<mime::Message>> MessageSource::message(const QByteArray &charset) const
{
    mime::ParseOptions options;
    options.charset = charset;
    options.cidPrefix = m_prefix;
    return m_id.isValid() ? m_library->message(m_id, options) : m_library->parse(m_raw, options);
}

QFuture<Expected<QByteArray>> MessageSource::bytes() const
{
    if (m_id.isValid())
        return m_library->source(m_id);
    return QtFuture::makeReadyValueFuture(Expected<QByteArray>(m_raw));
}

QFuture<Expected<QByteArray>> MessageSource::partContent(int part) const
{
    return m_id.isValid() ? m_library->partContent(m_id, part) : m_library->partContent(m_raw, part);
}

} // namespace satchel::ui
