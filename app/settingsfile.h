// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QDateTime>
#include <QSettings>

#include <optional>

namespace satchel {

/// The settings of one profile. Lives on the GUI thread.
///
/// They are written whole or not at all (QSettings renames a new file into place); what a power cut or a bad disk makes
/// of them all the same is put aside before they are read, so that nothing is overwritten unsaid.
class SettingsFile : public QSettings
{
    Q_OBJECT

public:
    explicit SettingsFile(const QString &file, QObject *parent = nullptr);

    /// Looks at \a file before it is read. A file of 0 bytes, of NULs or of garbage is kept aside and the copy of the
    /// last good start takes its place, where there is one. Answers the sentence that tells so; nothing where all is
    /// well. Fails with FileUnreadable or FileUnwritable, and changes nothing then.
    static Expected<std::optional<QString>> mend(const QString &file, const QDateTime &now);

    /// The copy of \a file that is kept beside it for mend(). A copy that cannot be written is no reason not to start.
    static void keepCopy(const QString &file);

    /// Writes what is not written yet; false where that is not possible.
    bool save();
    [[nodiscard]] bool isFailing() const { return m_failing; } ///< the last change was not written

Q_SIGNALS:
    /// A change could not be written; it is tried again at the next one. Once, until saved() was true again.
    void notSaved(const satchel::Error &error);

protected:
    bool event(QEvent *event) override;

private:
    void look();

    bool m_failing = false;
};

/// What to say where a file in \a folder could not be written: that there is no room, where that is the reason, else
/// \a otherwise.
[[nodiscard]] Error unwritable(const QString &folder, const QString &otherwise);

} // namespace satchel
