// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/statesearch.h"

#include <QtConcurrentRun>

namespace satchel {

QFuture<QList<FetchedElsewhere>> searchFetchedElsewhere(
    const exchange::StatePlaces &places, const QString &host, const QString &user)
{
    return QtConcurrent::run([places, host, user] {
        QList<FetchedElsewhere> found;
        const QList<exchange::StateFile> files = exchange::findFetchedStates(places);
        for (const exchange::StateFile &file : files) {
            const Expected<exchange::FetchedStates> states = exchange::readFetchedState(file.path);
            if (!states)
                continue;
            for (const exchange::FetchedState &state : states->mailboxes) {
                if (!exchange::isOfMailbox(state, host, user))
                    continue;
                FetchedElsewhere fetched;
                fetched.program = state.program;
                fetched.form = exchange::uidlForm(state.format);
                for (const exchange::FetchedMessage &message : state.messages) {
                    if (message.complete)
                        fetched.uidls.append(message.uidl);
                }
                if (!fetched.uidls.isEmpty())
                    found.append(std::move(fetched));
            }
        }
        return found;
    });
}

} // namespace satchel
