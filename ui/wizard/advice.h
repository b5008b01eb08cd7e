// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/proposal.h"
#include "base/account.h"
#include "base/error.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace satchel::ui {

/// What to say and offer when settings did not work.
struct Advice {
    QString sentence; ///< what happened
    QStringList steps; ///< what to do, likeliest first
    bool asksPassword = false; ///< another password may be all that is needed
    bool reviewsCertificate = false;
    bool mayKeep = false; ///< the settings may well be right: they can be kept and tested later
};

/// Plain words for \a error. What the provider is known for comes first where it explains a refusal: an app password is
/// needed, POP3 is switched off until somebody switches it on in webmail (Q19). Pure.
[[nodiscard]] Advice adviceFor(
    const Error &error, const AccountSettings &account, const std::optional<autoconfig::Proposal> &proposal);

} // namespace satchel::ui
