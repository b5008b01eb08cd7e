// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/discoveryoptions.h"
#include "base/error.h"

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>
#include <QUrl>

class QNetworkReply;

namespace satchel::autoconfig {

/// Fetches one file over https and nothing else: no cookies, no referrer, no language, no redirect to http, a
/// certificate that is in order or no file, an end to size and time. finished() comes once, never from start().
class ConfigFetch : public QObject
{
    Q_OBJECT

public:
    ConfigFetch(const QUrl &url, const DiscoveryOptions &options, QObject *parent = nullptr);
    ~ConfigFetch() override;

    void start();
    void abort(); ///< no signal follows
    [[nodiscard]] bool isFinished() const { return m_finished; }
    [[nodiscard]] const Expected<QByteArray> &result() const { return m_result; }
    [[nodiscard]] int status() const { return m_status; } ///< of HTTP; 0 where there was no answer

Q_SIGNALS:
    void finished();

private:
    void request(const QUrl &url);
    void encrypted();
    void read();
    void replied();
    void drop();
    void end(Expected<QByteArray> result);
    void refuse(ErrorKind kind, const QString &text, const QString &detail = {});

    DiscoveryOptions m_options;
    QNetworkAccessManager m_network;
    QTimer m_deadline;
    QUrl m_url; ///< as the domain names it, before DiscoveryOptions::fetched
    QNetworkReply *m_reply = nullptr;
    QByteArray m_body;
    Expected<QByteArray> m_result;
    int m_redirects = 0;
    int m_status = 0;
    bool m_finished = false;
};

} // namespace satchel::autoconfig
