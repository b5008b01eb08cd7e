// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/carecommand.h"

#include "app/fetchcommand.h"
#include "app/terminal.h"
#include "sync/storecare.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace satchel {

int runCare(const Profile &profile, sync::CareTask task)
{
    Terminal terminal;
    if (!QFileInfo::exists(profile.storeFile()) && !QFileInfo::exists(profile.storeFile() + QStringLiteral(".ready"))) {
        terminal.line(QCoreApplication::translate("CareCommand", "There is no mail in %1.").arg(profile.folder()));
        return FetchCommand::StoreUnusable;
    }
    const sync::CareResult result = sync::takeCare(profile.storeFile(), task, {}, {}, [&terminal](int percent) {
        terminal.status(QCoreApplication::translate("CareCommand", "%1 %").arg(percent));
        return true;
    });
    terminal.line(result.text);
    if (result.error && !result.error->detail.isEmpty())
        terminal.line(result.error->detail);
    return result.error ? FetchCommand::StoreUnusable : FetchCommand::Success;
}

} // namespace satchel
