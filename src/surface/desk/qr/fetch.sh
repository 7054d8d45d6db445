#!/usr/bin/env bash
# Makes the vendored QR decoder anew out of the published package: fetches the version that
# manifest.toml names with npm, compares the package with its digest, takes the files out
# unchanged and compares these too. Nothing of the package is run.
#
#     bash src/surface/desk/qr/fetch.sh            writes the files
#     bash src/surface/desk/qr/fetch.sh --check    only says whether they would be the same
set -euo pipefail
cd "$(dirname "$0")"
value() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" manifest.toml | head -n 1; }
name=$(value package) version=$(value version)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
npm pack "$name@$version" --silent --ignore-scripts --pack-destination "$scratch" >/dev/null
echo "$(value package_sha256)  $scratch/$name-$version.tgz" | sha256sum --check --quiet
tar -xzf "$scratch/$name-$version.tgz" -C "$scratch"

sed -n 's/^name = "\(.*\)"$/\1/p' manifest.toml | while read -r file; do
    digest=$(grep -A 1 "^name = \"$file\"\$" manifest.toml | sed -n 's/^sha256 = "\(.*\)"$/\1/p')
    echo "$digest  $scratch/package/$file" | sha256sum --check --quiet
    if [ "${1:-}" = --check ]; then
        cmp "$scratch/package/$file" "$file"
    else
        cp "$scratch/package/$file" "$file"
    fi
    echo "$file: $name $version, as published"
done
