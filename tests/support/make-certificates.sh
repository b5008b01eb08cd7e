#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-certificates.sh DIR: throw-away certificates for the tests, each as NAME.pem and NAME.key.
#   ca          the authority that tests trust
#   server      localhost and 127.0.0.1, in order
#   wrong-host  in order, for somebody else
#   no-names    localhost as its common name only
#   expired     was in order
#   self-signed vouched for by nobody
#   client      of the user alice
set -eu
cd "$1"

key() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>/dev/null
}

# signed NAME SUBJECT PURPOSE NAMES [options of openssl x509]
signed() {
    name=$1 subject=$2 purpose=$3 names=$4
    shift 4
    {
        echo "basicConstraints=critical,CA:FALSE"
        echo "keyUsage=critical,digitalSignature"
        echo "extendedKeyUsage=$purpose"
        echo "subjectKeyIdentifier=hash"
        echo "authorityKeyIdentifier=keyid"
        [ -z "$names" ] || echo "subjectAltName=$names"
    } > "$name.ext"
    key "$name"
    openssl req -new -key "$name.key" -subj "$subject" -out "$name.csr"
    openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -extfile "$name.ext" \
        -out "$name.pem" "$@" 2>/dev/null
    rm "$name.csr" "$name.ext"
}

key ca
openssl req -x509 -new -key ca.key -days 30 -subj "/O=Satchel tests/CN=Satchel test authority" -out ca.pem \
    -addext keyUsage=critical,keyCertSign,cRLSign
signed server "/O=Satchel tests/CN=localhost" serverAuth "DNS:localhost,IP:127.0.0.1" -days 30
signed wrong-host "/CN=other.example.test" serverAuth "DNS:other.example.test" -days 30
signed no-names "/CN=localhost" serverAuth "" -days 30
signed expired "/CN=localhost" serverAuth "DNS:localhost,IP:127.0.0.1" \
    -not_before 20200101000000Z -not_after 20210101000000Z
signed client "/CN=alice" clientAuth "" -days 30
key self-signed
openssl req -x509 -new -key self-signed.key -days 30 -subj "/CN=localhost" -out self-signed.pem \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"
