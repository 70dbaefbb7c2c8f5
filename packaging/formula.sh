#!/usr/bin/env bash
# Makes what Homebrew installs from: target/package/pitfall-VERSION.tar.gz of the present commit, and target/package/pitfall.rb, the formula with
# its version and checksum. URL is where that archive will lie. The same commit gives the same bytes.
#   packaging/formula.sh https://example.com/releases
set -euo pipefail
cd "$(dirname "$0")/.."
url=${1:?say where the archive will lie: packaging/formula.sh https://example.com/releases}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
out=target/package
mkdir -p "$out"
archive="$out/pitfall-$version.tar.gz"
git archive --format=tar --prefix="pitfall-$version/" HEAD | gzip -9n > "$archive"
sum=$(sha256sum "$archive" | cut -d' ' -f1)
sed -e "s|@URL@|${url%/}/pitfall-$version.tar.gz|" -e "s|@SHA256@|$sum|" -e "s|@HOMEPAGE@|${url%/}|" packaging/pitfall.rb.in > "$out/pitfall.rb"
echo "$sum  $archive"
