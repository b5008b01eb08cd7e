// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/session.h"
#include "support/memorytransport.h"

#include <QObject>

#include <memory>

namespace satchel::test {

/// Plays a Transcript through a pop3::Session and writes down what the session says, one line an event:
///
///     ready · loggedIn MECHANISM · stated COUNT SIZE · listed NUMBER UIDL SIZE (one a message) · listed COUNT
///     uidl|no-uidl retrieved NUMBER BYTES SHA256 (its first 16 digits) · topped NUMBER BYTES · deleted NUMBER · idled
///     · reset finished · refused VERB NUMBER KIND · failed KIND
class TranscriptRun : public QObject
{
    Q_OBJECT

public:
    TranscriptRun(const Transcript &transcript, const Cutting &cutting, pop3::SessionOptions options = {});

    /// Returns when the session has ended, or when nothing more can happen.
    void play();
    void stop() { m_over = true; } ///< play() returns
    [[nodiscard]] QByteArrayList events() const { return m_events; }
    /// What is wrong: problems of the script, steps left over, events that differ. Empty: all is well.
    [[nodiscard]] QByteArray complaint() const;
    [[nodiscard]] pop3::Session &session() { return *m_session; }
    [[nodiscard]] Conversation &conversation() { return *m_conversation; }
    [[nodiscard]] const QList<Error> &errors() const { return m_errors; }
    [[nodiscard]] const QList<QByteArray> &messages() const { return m_messages; }

private:
    [[nodiscard]] QByteArray withCrlf(QByteArray bytes) const;
    void carryOut(const QByteArray &wish);
    void note(const QByteArray &event) { m_events.append(event); }

    std::shared_ptr<Conversation> m_conversation;
    std::unique_ptr<pop3::Session> m_session;
    QByteArrayList m_events;
    QList<Error> m_errors;
    QList<QByteArray> m_messages;
    bool m_over = false;
};

/// One with each cutting; an empty answer means that all went as the transcript says.
[[nodiscard]] QByteArray playWithAllCuttings(const Transcript &transcript, const pop3::SessionOptions &options = {});

} // namespace satchel::test
