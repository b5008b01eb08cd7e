// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/tokensource.h"

#include <QByteArray>
#include <QHash>
#include <QProcess>

#include <chrono>

namespace satchel {

/// Access tokens from a program of the person's choice, such as oama, pizauth or mutt_oauth2.py: the first line that it
/// prints is the token. Run without a shell and without input; what it prints is bounded, and so is its time.
class TokenProgram : public TokenSource
{
    Q_OBJECT

public:
    using TokenSource::TokenSource;

    void request(const AccountSettings &account) override;
    void cancel(AccountId account) override { end(account); }

    void setTimeLimit(std::chrono::milliseconds limit) { m_timeLimit = limit; } ///< for tests
    static constexpr qsizetype mostOutput = 64 * 1024;

private:
    struct Run {
        QString name; ///< of the program, for sentences
        QProcess *process = nullptr;
        QByteArray output;
        QByteArray complaint; ///< the end of what it wrote to standard error
    };

    void read(AccountId account);
    void conclude(AccountId account, int exitCode, QProcess::ExitStatus status);
    void end(AccountId account); ///< nothing more is heard of it
    void giveUp(AccountId account, const QString &text);

    QHash<AccountId, Run> m_runs;
    std::chrono::milliseconds m_timeLimit{std::chrono::seconds(60)};
};

} // namespace satchel
