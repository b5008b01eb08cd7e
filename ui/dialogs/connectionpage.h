// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;

namespace satchel::ui {

class NoteBar;

/// The tab of the account dialog for what seldom needs a hand: how to sign in, old encryption, and what the server says
/// of itself. Each choice that makes things worse says so where it is made.
class ConnectionPage : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectionPage(const AccountSettings &settings, QWidget *parent = nullptr);

    void setServer(const sync::ServerAnnouncement &server);
    void apply(AccountSettings &settings) const;

private:
    void refresh();

    QComboBox *m_mechanism;
    NoteBar *m_mechanismNote;
    QCheckBox *m_oldTls;
    NoteBar *m_oldTlsNote;
    QCheckBox *m_utf8;
    QLabel *m_server;
};

} // namespace satchel::ui
