// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/wizard/wizardpage.h"

class QLineEdit;
class QPushButton;

namespace satchel::ui {

/// Asks for the three things that nobody can find out for the person: name, address and password.
class IdentityPage : public WizardPage
{
    Q_OBJECT

public:
    /// \a offersSample: there is no sample mail yet.
    explicit IdentityPage(bool offersSample, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString text() const override;
    [[nodiscard]] QWidget *firstField() const override;

    [[nodiscard]] QString personName() const;
    [[nodiscard]] QString address() const;
    [[nodiscard]] QString password() const;
    void setPassword(const QString &password);
    [[nodiscard]] QPushButton *sampleButton() const { return m_sample; }

    struct Fault {
        QWidget *field = nullptr;
        QString sentence;
    };
    /// What is wrong with the fields; no field: nothing.
    [[nodiscard]] Fault fault() const;

private:
    QLineEdit *m_name;
    QLineEdit *m_address;
    QLineEdit *m_password;
    QPushButton *m_sample;
};

/// A field for a password, with a button that shows what was typed.
[[nodiscard]] QLineEdit *makePasswordField(const QString &accessibleName, QWidget *parent);
/// What ends a command on the wire, and must not be part of what is sent in one.
[[nodiscard]] bool hasLineBreak(QStringView text);

} // namespace satchel::ui
