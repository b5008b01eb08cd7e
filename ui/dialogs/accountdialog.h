// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QDialog>

class QDialogButtonBox;

namespace satchel::ui {

class AccountEditor;
class NoteBar;

/// Makes an account by hand. Checks what was typed on the spot. Blocks nothing: accepted() says that settings() are to
/// be used.
class AccountDialog : public QDialog
{
    Q_OBJECT

public:
    /// Without an id in \a settings: a new account.
    AccountDialog(const AccountSettings &settings, bool keychainAvailable, const QString &keychainReason,
        QWidget *parent = nullptr);

    [[nodiscard]] AccountSettings settings() const;
    [[nodiscard]] QString password() const; ///< empty when editing: unchanged
    [[nodiscard]] bool remembersPassword() const;
    /// What is wrong with the fields, as one sentence; empty when nothing is.
    [[nodiscard]] QString problem() const;
    void accept() override;

private:
    AccountEditor *m_editor;
    NoteBar *m_fault;
    QDialogButtonBox *m_buttons;
};

} // namespace satchel::ui
