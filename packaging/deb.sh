#!/usr/bin/env bash
# Builds the Debian package: target/package/pitfall_VERSION_ARCH.deb. The same commit gives the same bytes: times are the commit's
# (SOURCE_DATE_EPOCH), owners root, order fixed. BINARY=path takes a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022
export LC_ALL=C TZ=UTC
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
arch=$(dpkg --print-architecture)
out=target/package
if [ -z "${BINARY:-}" ]; then
    # Paths of the machine that builds do not belong into the program.
    RUSTFLAGS="--remap-path-prefix=$PWD=/pitfall --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
        cargo build --locked --profile dist --bin pitfall
    BINARY=target/dist/pitfall
fi
mkdir -p "$out"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
install -D -m 755 "$BINARY" "$root/usr/bin/pitfall"
strip --strip-unneeded "$root/usr/bin/pitfall"
for page in docs/man/*.1; do
    install -D -m 644 "$page" "$root/usr/share/man/man1/${page##*/}"
done
gzip -9n "$root"/usr/share/man/man1/*
completion() { # SHELL FILE
    mkdir -p "$(dirname "$root/$2")"
    "$BINARY" completions "$1" > "$root/$2"
    chmod 644 "$root/$2"
}
completion bash usr/share/bash-completion/completions/pitfall
completion zsh usr/share/zsh/vendor-completions/_pitfall
completion fish usr/share/fish/vendor_completions.d/pitfall.fish
doc="$root/usr/share/doc/pitfall"
install -D -m 644 NOTICE "$doc/NOTICE"
install -m 644 CHANGELOG.md "$doc/changelog"
install -m 644 LICENSE-APACHE LICENSE-MIT "$doc"
gzip -9n "$doc/NOTICE" "$doc/changelog"
printf 'pitfall is licensed under MIT OR Apache-2.0; the texts are LICENSE-MIT and LICENSE-APACHE beside this file.\nWhat it is built from, and under which licences, stands in NOTICE.gz.\n' > "$doc/copyright"
chmod 644 "$doc/copyright"
mkdir -p "$root/DEBIAN"
# The oldest C library that has what the program asks for.
libc=$(objdump -T "$root/usr/bin/pitfall" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -1)
size=$(du -k --apparent-size -s "$root/usr" | cut -f1)
cat > "$root/DEBIAN/control" <<EOF
Package: pitfall
Version: $version
Architecture: $arch
Maintainer: pitfall <pitfall@localhost>
Section: devel
Priority: optional
Depends: libc6 (>= $libc), libgcc-s1
Installed-Size: $size
Description: offline diagnosis of errors on Apple's platforms
 Paste a log, a question, a token or a profile; pitfall says what is wrong,
 ranked and with the evidence, and gives a checklist to tick off.
EOF
(cd "$root" && find usr -type f | sort | xargs md5sum > DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package="$out/pitfall_${version}_$arch.deb"
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
sha256sum "$package"
