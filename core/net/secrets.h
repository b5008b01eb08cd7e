// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/credentials.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QSet>
#include <QString>

#include <bitset>
#include <vector>

namespace satchel::net {

/// What signs in, and who signs in, in all the forms in which a server may repeat it: the words that no log, no
/// recording and no error holds (law 6). Knows no protocol: it looks for them in whatever is about to be written.
///
/// Found are, whatever the case of letters: UTF-8, ISO 8859-1 and what comes of confusing the two; base64 wherever it
/// begins, hexadecimal, percent-encoding, quoted-printable, backslashes and character references, two of them around
/// each other included; long pieces, and a beginning where the text was cut. Common digests of a password are
/// secrets as it is itself. Names are found as a whole only. A plain value, used on one thread.
class Secrets
{
public:
    void add(const Credentials &credentials); ///< before the server says its first word
    void addName(const QString &name); ///< of a person or a mailbox: with its parts
    /// What was computed from the secrets and is about to be sent: an answer to a challenge, in base64 or as it is.
    void addSent(const QByteArray &answer);

    [[nodiscard]] QByteArray struckOut(const QByteArray &text) const; ///< "****" in their place
    [[nodiscard]] QString struckOut(const QString &text) const;
    [[nodiscard]] bool isIn(const QByteArray &text) const;

private:
    enum class Kind { Secret, Name };
    struct Group { ///< of pieces with one length
        qsizetype size = 0;
        QSet<QByteArray> anywhere;
        QSet<QByteArray> alone; ///< so short that they count between other signs than letters and digits only
        std::bitset<256> first;
    };
    struct View;
    class Search;

    void add(const QString &word, Kind kind);
    void add(const QByteArray &word, Kind kind);
    void addPiece(const QByteArray &piece, bool alone);

    std::vector<Group> m_groups;
    QSet<QByteArray> m_known; ///< words, so that none is taken apart twice
    QByteArrayList m_beginnings; ///< of secrets: as much as may be seen at the end of a text that was cut
};

} // namespace satchel::net
