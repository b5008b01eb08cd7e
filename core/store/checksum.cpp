// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/checksum.h"

#include <QCryptographicHash>

#ifdef SATCHEL_OPENSSL
#include <openssl/evp.h>
#endif

namespace satchel::store {

QByteArray sha256(const QByteArray &bytes)
{
#ifdef SATCHEL_OPENSSL
    QByteArray digest(32, Qt::Uninitialized);
    unsigned int size = 0;
    if (EVP_Digest(bytes.constData(), size_t(bytes.size()), reinterpret_cast<unsigned char *>(digest.data()), &size,
            EVP_sha256(), nullptr)
            == 1
        && size == 32)
        return digest;
#endif
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

} // namespace satchel::store
