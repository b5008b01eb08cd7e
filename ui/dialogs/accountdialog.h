// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QRadioButton;
class QSpinBox;
class QTabWidget;

namespace satchel::ui {

class ConnectionPage;
class NoteBar;

/// Makes or changes an account. Guesses what can be guessed from the address, checks what was typed on the spot, and
/// warns before a connection without encryption. Blocks nothing: accepted() says that settings() are to be used.
class AccountDialog : public QDialog
{
    Q_OBJECT

public:
    /// Without an id in \a settings: a new account.
    AccountDialog(const AccountSettings &settings, bool keychainAvailable, const QString &keychainReason,
        QWidget *parent = nullptr);

    /// What the server said of itself at the last visit: shown, and warned by.
    void setServer(const sync::ServerAnnouncement &server);
    /// So many messages are left on the server because other programs have fetched them: the way back is offered.
    void setElsewhere(int count);
    [[nodiscard]] AccountSettings settings() const;
    [[nodiscard]] QString password() const; ///< empty when editing: unchanged
    [[nodiscard]] bool remembersPassword() const;
    /// What is wrong with the fields, as one sentence; empty when nothing is.
    [[nodiscard]] QString problem() const;
    void accept() override;

Q_SIGNALS:
    void fetchElsewhereWished();

private:
    struct Fault {
        QWidget *field = nullptr;
        int tab = 0;
        QString sentence;
    };

    QWidget *makeAccountTab();
    QWidget *makeServerTab();
    QWidget *makeCheckTab();
    void fill();
    void guess();
    void securityChosen();
    void warnOfServer();
    void hideFault();
    [[nodiscard]] Fault fault() const;
    [[nodiscard]] Security security() const;
    [[nodiscard]] bool isNew() const { return !m_before.id.isValid(); }

    AccountSettings m_before;
    bool m_keychainAvailable;
    QString m_keychainReason;
    bool m_hostTyped = false;
    bool m_userTyped = false;
    bool m_nameTyped = false;
    bool m_portTyped = false;

    sync::ServerAnnouncement m_server;
    QTabWidget *m_tabs;
    ConnectionPage *m_connection;
    NoteBar *m_fault;
    QLineEdit *m_personName;
    QLineEdit *m_address;
    QLineEdit *m_name;
    QLineEdit *m_host;
    QSpinBox *m_port;
    QComboBox *m_security;
    NoteBar *m_plainWarning;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QCheckBox *m_remember;
    QRadioButton *m_keep;
    QRadioButton *m_keepDays;
    QRadioButton *m_deleteNow;
    QSpinBox *m_days;
    QRadioButton *m_keepCount;
    QSpinBox *m_count;
    QRadioButton *m_keepSize;
    QSpinBox *m_megabytes;
    NoteBar *m_serverWarning;
    NoteBar *m_elsewhere;
    QCheckBox *m_recent;
    QCheckBox *m_deleteThere;
    QCheckBox *m_limited;
    QSpinBox *m_limit;
    QCheckBox *m_checks;
    QSpinBox *m_minutes;
    QCheckBox *m_enabled;
    QDialogButtonBox *m_buttons;
};

} // namespace satchel::ui
