// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/proposal.h"
#include "base/error.h"
#include "ui/wizard/wizardpage.h"

#include <optional>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace satchel::ui {

class CalmBar;
class HintList;

/// Says what is being looked for, then what was found: which server, how it is protected, who says so, and what the
/// person must know or do first. Nothing is used before the person went on from here.
class FoundPage : public WizardPage
{
    Q_OBJECT

public:
    explicit FoundPage(QWidget *parent = nullptr);

    void showSearch(const QString &address);
    void showProgress(const QString &sentence);
    void showProposal(const autoconfig::Proposal &proposal, const QString &password, bool addressKnown);
    void showNothing(const Error &error);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString text() const override;
    [[nodiscard]] bool isComplete() const override;
    [[nodiscard]] QWidget *firstField() const override;
    [[nodiscard]] bool isSearching() const { return m_state == State::Searching; }
    [[nodiscard]] bool hasNothing() const { return m_state == State::Nothing; }
    /// Where the provider takes access tokens only: the command that prints one, as the person typed it.
    [[nodiscard]] QString tokenProgram() const;
    [[nodiscard]] QString password() const; ///< as it was, or as the provider's hints made the person change it
    [[nodiscard]] QString summary() const; ///< what is shown, for those who listen

private:
    enum class State { Searching, Found, Nothing };

    void showFacts();
    [[nodiscard]] bool takesTokensOnly() const;
    void addFact(const QString &label, const QString &text);

    State m_state = State::Searching;
    std::optional<autoconfig::Proposal> m_proposal;
    Error m_error;
    CalmBar *m_busy;
    QLabel *m_progress;
    QWidget *m_factsBox;
    QFormLayout *m_facts;
    HintList *m_hints;
    QLabel *m_passwordLabel;
    QLineEdit *m_password;
    QLabel *m_programLabel;
    QLineEdit *m_program;
    QCheckBox *m_confirm;
};

/// "Encrypted from the start (TLS)": one wording for all pages.
[[nodiscard]] QString securityText(Security security);

} // namespace satchel::ui
