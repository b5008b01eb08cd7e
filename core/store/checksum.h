// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

namespace satchel::store {

/// SHA-256 (FIPS 180-4), as fast as the machine can. Any thread.
[[nodiscard]] QByteArray sha256(const QByteArray &bytes);

/// The same of bytes that come in pieces.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Q_DISABLE_COPY_MOVE(Sha256)

    void add(QByteArrayView bytes);
    [[nodiscard]] QByteArray result(); ///< once, at the end

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::store
