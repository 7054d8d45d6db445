# Packages for trying, made out of those there are; read by prove.sh and chroot.sh.

# The same files under another version.
repack() { # PACKAGE VERSION TO WORK
    dpkg-deb -R "$1" "$4/repack"
    sed -i "s/^Version: .*/Version: $2/" "$4/repack/DEBIAN/control"
    sed -i "s/^new=.*/new=$2/" "$4/repack/DEBIAN/preinst"
    dpkg-deb --root-owner-group -Znone -b "$4/repack" "$3" >/dev/null
    rm -rf "$4/repack"
}

# What hadir-kiosk depends on, as a script that stands in for it.
stand_in() { # NAME TO WORK
    mkdir -p "$3/$1/DEBIAN" "$3/$1/usr/bin"
    install -m 755 cross/proof/screen.sh "$3/$1/usr/bin/$1"
    printf 'Package: %s\nVersion: 0\nArchitecture: all\nMaintainer: hadir <hadir@hadir.example>\nDescription: stand-in\n' \
        "$1" >"$3/$1/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$3/$1" "$2" >/dev/null
    rm -rf "${3:?}/$1"
}
