// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QDialog>

class QPushButton;

namespace satchel::ui {

/// Shows a certificate that is not trusted and why. Not trusting it is the default; an exception is for this one
/// certificate of this one account.
class CertificateDialog : public QDialog
{
    Q_OBJECT

public:
    CertificateDialog(const QString &accountName, const CertificateProblem &problem, QWidget *parent = nullptr);

    [[nodiscard]] QPushButton *trustButton() const { return m_trust; }
    [[nodiscard]] QPushButton *refuseButton() const { return m_refuse; }

Q_SIGNALS:
    void trusted(const QByteArray &sha256);

private:
    QPushButton *m_trust;
    QPushButton *m_refuse;
};

/// "AB:CD:…", in two lines for comparing.
[[nodiscard]] QString fingerprintText(const QByteArray &sha256);

} // namespace satchel::ui
