#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# qt-for-tsan.sh [FOLDER]: builds Qt Core, Network, Sql and Test with ThreadSanitizer, of the version that is installed.
#
# ThreadSanitizer cannot see how a Qt that was built without it passes an event from thread to thread, and reports each
# as a race. For Debian, in ./dev shell; some ten minutes. FOLDER/environment then has tests use it:
#   SATCHEL_PRESET=tsan ./dev build tst_engine ...
#   ./dev shell sh -c '. FOLDER/environment; cd build/tsan; ctest -R tst_engine'
# Qt Gui and Widgets of the system go with it: Core has all that they ask for, GLib's events included.
set -eu
folder=${1:-$HOME/.cache/satchel/qt-for-tsan}
mkdir -p "$folder/source" "$folder/lists/partial"
cd "$folder"

# The source package, from wherever this system has its packages.
cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null | sed -n 's/^deb /deb-src /p' > sources.list
apt_from() {
    apt-get -qq -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists" "$@"
}
command -v patch > /dev/null && pkg-config --exists glib-2.0 || apt-get -qq install -y patch libglib2.0-dev
version=$(dpkg-query -W -f '${Version}' qt6-base-dev)
apt_from update
apt_from source --download-only "qt6-base=$version"
rm -rf source build
mkdir source
# tarfile reads xz by itself.
python3 -m tarfile -e qt6-base_*.orig.tar.xz source
python3 -m tarfile -e qt6-base_*.debian.tar.xz source
top=$(find source -maxdepth 1 -name 'qtbase*')
sed -e '/^#/d' -e '/^$/d' source/debian/patches/series | while read -r patch; do
    patch -s -d "$PWD/$top" -p1 < "source/debian/patches/$patch"
done

flags="-fsanitize=thread -g1 -O1"
cmake -S "$top" -B build -G Ninja -DCMAKE_BUILD_TYPE=None "-DCMAKE_C_FLAGS=$flags" "-DCMAKE_CXX_FLAGS=$flags" \
    -DCMAKE_EXE_LINKER_FLAGS=-fsanitize=thread -DCMAKE_SHARED_LINKER_FLAGS=-fsanitize=thread \
    -DCMAKE_MODULE_LINKER_FLAGS=-fsanitize=thread -DQT_BUILD_TESTS=OFF -DQT_BUILD_EXAMPLES=OFF -DQT_GENERATE_SBOM=OFF \
    -DFEATURE_gui=OFF -DFEATURE_widgets=OFF -DFEATURE_dbus=OFF -DFEATURE_glib=ON -DFEATURE_xml=OFF \
    -DFEATURE_sql_sqlite=OFF -DFEATURE_system_zlib=OFF -DFEATURE_openssl_linked=ON > configure.log
# A moc under ThreadSanitizer takes minutes for what the installed one does at once.
for tool in moc rcc; do
    ninja -C build libexec/$tool
    cp -p /usr/lib/qt6/libexec/$tool build/libexec/
    touch build/libexec/$tool
done
ninja -C build Core Network Sql Test QTlsBackendOpenSSLPlugin

plugins=$(dirname "$(dirname "$(find /usr/lib -name libqsqlite.so -path '*qt6*' | head -n 1)")")
cat > environment << END
export LD_LIBRARY_PATH=$folder/build/lib QT_PLUGIN_PATH=$folder/build/plugins:$plugins
END
echo "Tests use it after: . $folder/environment"
