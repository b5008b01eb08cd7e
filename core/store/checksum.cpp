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

#ifdef SATCHEL_OPENSSL
struct Sha256::Private {
    Private() { isUsable = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1; }

    struct Free {
        void operator()(EVP_MD_CTX *made) const { EVP_MD_CTX_free(made); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
    QCryptographicHash portable{QCryptographicHash::Sha256};
    bool isUsable = false;
};

void Sha256::add(QByteArrayView bytes)
{
    if (d->isUsable)
        d->isUsable = EVP_DigestUpdate(d->context.get(), bytes.data(), size_t(bytes.size())) == 1;
    else
        d->portable.addData(bytes);
}

QByteArray Sha256::result()
{
    QByteArray digest(32, Qt::Uninitialized);
    if (d->isUsable
        && EVP_DigestFinal_ex(d->context.get(), reinterpret_cast<unsigned char *>(digest.data()), nullptr) == 1)
        return digest;
    return d->portable.result();
}
#else
struct Sha256::Private {
    QCryptographicHash portable{QCryptographicHash::Sha256};
};

void Sha256::add(QByteArrayView bytes)
{
    d->portable.addData(bytes);
}

QByteArray Sha256::result()
{
    return d->portable.result();
}
#endif

Sha256::Sha256()
    : d(std::make_unique<Private>())
{
}

Sha256::~Sha256() = default;

} // namespace satchel::store
