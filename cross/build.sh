#!/bin/sh
# Builds one static, position-independent aarch64 program on Debian 12 for amd64, from
# Debian's own packages.
#
#   cross/build.sh --setup    installs what it needs (as root)
#   cross/build.sh            builds dist/hadir with profile `dist`
#   cross/build.sh --spike    builds dist/spike, the trial of all dependencies, instead
#
# PROFILE chooses another profile, CARGO_TARGET_DIR another build folder.
set -eu
cd "$(dirname "$0")/.."
begun=$(date +%s)
program=hadir
manifest=Cargo.toml
profile=${PROFILE:-dist}
case ${1:-} in
--setup)
    dpkg --print-foreign-architectures | grep -qx arm64 || dpkg --add-architecture arm64
    apt-get update -q
    exec apt-get install -qy --no-install-recommends \
        rustc-web cargo-web rust-web-src \
        gcc-aarch64-linux-gnu libc6-dev-arm64-cross musl-dev:arm64 qemu-user-static
    ;;
--spike)
    program=spike
    manifest=cross/spike/Cargo.toml
    profile=${PROFILE:-release}
    ;;
'') ;;
*)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac

: "${CARGO_TARGET_DIR:=target}"
mkdir -p dist "$CARGO_TARGET_DIR/cross-lib"
CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd)
CROSS_LIB=$CARGO_TARGET_DIR/cross-lib
PATH=$PWD/cross/bin:$PATH
export CARGO_TARGET_DIR CROSS_LIB PATH

# Rust's musl library asks the linker for libunwind. GCC's static unwinder does the same
# work, with what musl lacks for it added.
aarch64-linux-musl-gcc -O2 -fPIC -Wall -Werror -c cross/unwind-glue.c -o "$CROSS_LIB/unwind-glue.o"
cp "$(aarch64-linux-gnu-gcc -print-file-name=libgcc_eh.a)" "$CROSS_LIB/libunwind.a"
aarch64-linux-gnu-ar r "$CROSS_LIB/libunwind.a" "$CROSS_LIB/unwind-glue.o"

# Debian ships no standard library for this target, so cargo builds it from source
# (-Zbuild-std). That needs the compiler which the source belongs to: Debian's, by path,
# whatever rustup has put in front. RUSTC_BOOTSTRAP lets a stable compiler take -Z.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET RUSTC_WRAPPER
export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1
# The allocator's source asks the C compiler for the time of the build; so it is always the same one.
export SOURCE_DATE_EPOCH=0
export CC_aarch64_unknown_linux_musl=aarch64-linux-musl-gcc
export AR_aarch64_unknown_linux_musl=aarch64-linux-gnu-ar
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER=aarch64-linux-musl-gcc
# -static-pie: by itself rustc links this target statically, but at a fixed address.
# link-self-contained=no: the start files are musl's from Debian, not rustc's own.
# No path stands in here, because cargo builds everything anew when this text changes.
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUSTFLAGS="-C target-feature=+crt-static \
-C link-self-contained=no -C link-arg=-static-pie"
target=aarch64-unknown-linux-musl
/usr/bin/cargo build --manifest-path "$manifest" --bin "$program" --profile "$profile" \
    --locked --target $target -Zbuild-std=std,panic_abort

folder=$profile
[ "$profile" != dev ] || folder=debug
# The symbols lie beside the program, for whoever reads a backtrace: gdb and addr2line find them.
built=$CARGO_TARGET_DIR/$target/$folder/$program
aarch64-linux-gnu-objcopy --only-keep-debug "$built" "dist/$program.debug"
aarch64-linux-gnu-strip -o "dist/$program" "$built"
(cd dist && aarch64-linux-gnu-objcopy --add-gnu-debuglink="$program.debug" "$program")

refuse() {
    echo "dist/$program: $1" >&2
    exit 1
}
headers=$(aarch64-linux-gnu-readelf --wide --file-header --segments --dynamic "dist/$program")
case $headers in
*'Machine:'*AArch64*) ;;
*) refuse 'is not a program for aarch64' ;;
esac
case $headers in
*INTERP* | *'(NEEDED)'*) refuse 'is not static' ;;
esac
case $headers in
*'(TEXTREL)'*) refuse 'needs its code relocated' ;;
esac
case $headers in
*'Type:'*DYN*) ;;
*) refuse 'is not position-independent' ;;
esac
echo "dist/$program: static, position-independent, $(stat -c %s "dist/$program") bytes stripped," \
    "$(($(date +%s) - begun)) s; sha256 $(sha256sum "dist/$program" | cut -d ' ' -f 1)"
