// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/elsewhere.h"

namespace satchel::sync {

QHash<int, store::Writer::KnownElsewhere> matchElsewhere(
    const QList<pop3::ListedMessage> &listing, const QList<FetchedElsewhere> &fetched)
{
    QHash<int, store::Writer::KnownElsewhere> known;
    for (const FetchedElsewhere &program : fetched) {
        // How many listed messages a record could mean; the message of the last.
        struct Meaning {
            int messages = 0;
            const pop3::ListedMessage *message = nullptr;
        };
        QHash<QByteArray, Meaning> records;
        records.reserve(program.uidls.size());
        for (const QByteArray &uidl : program.uidls)
            records.insert(uidl, {});
        for (const pop3::ListedMessage &message : listing) {
            if (message.uidl.isEmpty())
                continue;
            for (const QByteArray &form : recordedForms(program.form, message.uidl)) {
                if (const auto record = records.find(form); record != records.end()) {
                    ++record->messages;
                    record->message = &message;
                }
            }
        }
        for (auto record = records.cbegin(); record != records.cend(); ++record) {
            if (record->messages != 1)
                continue;
            const pop3::ListedMessage &message = *record->message;
            known.insert(message.number, {{message.uidl, 0}, message.size, program.form, record.key()});
        }
    }
    return known;
}

} // namespace satchel::sync
