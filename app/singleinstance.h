// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <memory>

class KDSingleApplication;

namespace satchel {

/// One program for each profile: the second start hands its wish to the first, and knows whether that took it. Lives on
/// the GUI thread.
class SingleInstance : public QObject
{
    Q_OBJECT

public:
    /// \a name: Profile::instanceName().
    explicit SingleInstance(const QString &name, QObject *parent = nullptr);
    ~SingleInstance() override;

    [[nodiscard]] bool isFirst() const;

    enum class Answer {
        Taken,
        Silent, ///< the first one runs, and did not take it within \a milliseconds
        Gone, ///< it ended meanwhile: this one may try to be the first
    };
    /// To the first, from another. Blocks: there is no window yet that could stop answering.
    [[nodiscard]] Answer tell(const QByteArray &wish, int milliseconds);

Q_SIGNALS:
    void told(const QByteArray &wish); ///< by another start

private:
    void take(const QByteArray &message);

    QString m_name;
    std::unique_ptr<KDSingleApplication> m_instance;
};

} // namespace satchel
