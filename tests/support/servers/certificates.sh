#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# certificates.sh DIRECTORY
# Makes a throw-away certificate authority and the certificates that tests need, as NAME.pem and NAME.key:
#   ca          the authority; a client that is to trust the server trusts this one
#   server      good for localhost, mail.example.test, 127.0.0.1 and ::1
#   wrong       of the same authority, for another host
#   no-names    of the same authority, with localhost as its common name only
#   expired     of the same authority, for localhost, out of date since 2021
#   not-yet     of the same authority, for localhost, valid from 2090 on
#   unknown     for localhost, of another authority that nobody knows
#   selfsigned  for localhost, signed by nobody else
#   issuing     of the same authority, for localhost, and says that it issues others itself
#   home        for localhost, signed by nobody else, and says so too, as OpenSSL makes them by default
#   client      "robin", for SASL EXTERNAL; with ca+crl.pem for a server that asks for it
# Does nothing when they are there already.
set -eu
[ $# -eq 1 ] || { echo "usage: certificates.sh DIRECTORY" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
[ -e complete ] && exit 0

local_names="DNS:localhost,DNS:mail.example.test,IP:127.0.0.1,IP:::1"

# One configuration for all: strict verifiers want the key identifiers and usages to be there. `openssl ca` and not
# `openssl x509` signs, for it alone sets dates in the past with every OpenSSL 3.
cat > openssl.cnf <<CNF
[ca]
default_ca = authority
[authority]
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
database = index.txt
serial = serial
crlnumber = crlnumber
default_md = sha256
default_days = 825
default_crl_days = 825
policy = anything
unique_subject = no
[anything]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = \$ENV::NAMES
[nameless_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[issuing_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,digitalSignature,keyCertSign
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = \$ENV::NAMES
[home_extensions]
basicConstraints = critical,CA:TRUE
subjectKeyIdentifier = hash
subjectAltName = \$ENV::NAMES
[selfsigned_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = \$ENV::NAMES
[client_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
: > index.txt
echo 01 > serial
echo 01 > crlnumber
export NAMES="$local_names"

quietly() { "$@" 2> openssl.log || { cat openssl.log >&2; exit 1; }; }
key() { quietly openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
self_sign() { # name, subject, extensions
    key "$1"
    quietly openssl req -config openssl.cnf -x509 -new -key "$1.key" -subj "$2" -extensions "$3" -days 825 -out "$1.pem"
}
sign() { # name, subject, extensions, further arguments of openssl ca
    name=$1 subject=$2 extensions=$3
    shift 3
    key "$name"
    quietly openssl req -config openssl.cnf -new -key "$name.key" -subj "$subject" -out "$name.csr"
    quietly openssl ca -config openssl.cnf -batch -notext -extensions "$extensions" -in "$name.csr" -out "$name.pem" "$@"
}

self_sign ca "/CN=Satchel Test Authority" authority_extensions
self_sign stranger "/CN=Authority Nobody Knows" authority_extensions
self_sign selfsigned "/CN=localhost" selfsigned_extensions
self_sign home "/CN=localhost" home_extensions
sign server "/CN=localhost" server_extensions
sign issuing "/CN=localhost" issuing_extensions
sign expired "/CN=localhost" server_extensions -startdate 20200101000000Z -enddate 20210101000000Z
sign not-yet "/CN=localhost" server_extensions -startdate 20900101000000Z -enddate 20910101000000Z
sign no-names "/CN=localhost" nameless_extensions
sign client "/CN=robin" client_extensions
sign unknown "/CN=localhost" server_extensions -cert stranger.pem -keyfile stranger.key
NAMES="DNS:other.example.test"
sign wrong "/CN=other.example.test" server_extensions
# Dovecot refuses to check client certificates without a revocation list, so there is an empty one.
quietly openssl ca -config openssl.cnf -gencrl -out crl.pem
cat ca.pem crl.pem > ca+crl.pem

rm -f ./*.csr ./[0-9]*.pem index.txt* serial* crlnumber* openssl.cnf openssl.log
# Servers that change their user read them too; the keys guard nothing.
chmod 644 ./*.pem ./*.key
: > complete
