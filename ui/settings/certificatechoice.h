// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "ui/settings/formparts.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;

namespace satchel::ui {

/// Whether the account shows the server a certificate of its own, and from which file: one tick, and the fields only
/// where it is set. The passphrase goes out by passphrase() alone, never through AccountSettings (law 6).
class CertificateChoice : public QWidget
{
    Q_OBJECT

public:
    explicit CertificateChoice(QWidget *parent = nullptr);

    void setKeychain(bool available);
    void setAccount(const AccountSettings &settings);
    void apply(AccountSettings &settings) const;
    [[nodiscard]] bool isOn() const;
    [[nodiscard]] Fault fault() const;
    [[nodiscard]] QString passphrase() const; ///< empty: unchanged
    [[nodiscard]] bool remembersPassphrase() const;
    void forgetPassphrase(); ///< it was taken

Q_SIGNALS:
    void edited();

private:
    void browse();
    void refresh();

    QString m_before; ///< the file, as it was
    QCheckBox *m_on;
    QWidget *m_fields;
    QLineEdit *m_file;
    QLineEdit *m_passphrase;
    QCheckBox *m_remember;
};

} // namespace satchel::ui
