// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/clientconfig.h"
#include "autoconfig/discoveryoptions.h"
#include "base/error.h"

#include <QObject>

#include <array>
#include <memory>
#include <optional>

namespace satchel::autoconfig {

class ConfigFetch;

/// The settings that a domain publishes at https://autoconfig.DOMAIN/mail/config-v1.1.xml or
/// https://DOMAIN/.well-known/autoconfig/mail/config-v1.1.xml. Both are asked at once, the first counts more.
///
/// The domain alone is told. Some servers want an address before they answer: these are asked again with
/// postmaster@DOMAIN, which every domain has (RFC 5321), and never with the person's own.
/// finished() comes once, never from start().
class WebConfig : public QObject
{
    Q_OBJECT

public:
    WebConfig(const MailAddress &address, const DiscoveryOptions &options, QObject *parent = nullptr);
    ~WebConfig() override;

    void start();
    void abort(); ///< no signal follows
    [[nodiscard]] bool isFinished() const { return m_finished; }
    /// A file with a POP3 server where there is any, else one without, else nothing.
    [[nodiscard]] const std::optional<ClientConfig> &config() const { return m_config; }
    /// Why the likelier place gave nothing, where config() is nothing.
    [[nodiscard]] const Error &error() const { return m_places[0].error; }
    /// Somebody answered, were it only to say that there is nothing: there is a network.
    [[nodiscard]] bool answered() const;

Q_SIGNALS:
    void finished();

private:
    struct Place {
        std::unique_ptr<ConfigFetch> fetch;
        std::optional<ClientConfig> config;
        Error error;
        bool asPostmaster = false;
        bool done = false;
    };

    void ask(Place &place);
    void answer(Place &place);
    [[nodiscard]] QUrl url(const Place &place) const;

    MailAddress m_address;
    DiscoveryOptions m_options;
    std::array<Place, 2> m_places;
    std::optional<ClientConfig> m_config;
    bool m_finished = false;
};

} // namespace satchel::autoconfig
