// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"
#include "ui/settings/formparts.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace satchel::ui {

class CertificateChoice;
class NoteBar;
class TokenChoice;

/// The tab of the account dialog for what seldom needs a hand: how to sign in and by what, old encryption, and what the
/// server says of itself. Each choice that makes things worse says so where it is made.
class ConnectionPage : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectionPage(QWidget *parent = nullptr);

    void setAccount(const AccountSettings &settings);
    void setKeychain(bool available);
    [[nodiscard]] Fault fault() const;
    /// Of the account's own certificate.
    [[nodiscard]] QString passphrase() const;
    [[nodiscard]] bool remembersPassphrase() const;
    void forgetPassphrase();

    void setServer(const sync::ServerAnnouncement &server);
    /// So many messages are left on the server because other programs have fetched them: the way back is offered.
    void setElsewhere(int count);
    void apply(AccountSettings &settings) const;
    void warnFor(const AccountSettings &edited); ///< where the server does not do what is wished

Q_SIGNALS:
    void edited();
    void fetchElsewhereWished();

private:
    void refresh();
    void listMechanisms(); ///< those that the account brings what it takes for

    QComboBox *m_mechanism;
    NoteBar *m_mechanismNote;
    CertificateChoice *m_certificate;
    TokenChoice *m_token;
    QCheckBox *m_oldTls;
    NoteBar *m_oldTlsNote;
    QCheckBox *m_utf8;
    QCheckBox *m_recent;
    NoteBar *m_warning;
    NoteBar *m_elsewhere;
    sync::ServerAnnouncement m_said;
    QLabel *m_server;
};

} // namespace satchel::ui
