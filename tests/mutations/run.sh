#!/usr/bin/env bash
# Shows that tests fail without what they test. Each patch beside this script removes one
# safeguard; its first lines say which tests must then fail:
#
#   # why: one sentence
#   # test: domain::checkin::face::tests::name_of_the_test     (one line for each test)
#   # expect: pass with NAME=VALUE   (optional: with this in the environment it passes)
#
# Usage: tests/mutations/run.sh [NAME…]     all patches, or those whose names are given
#
# With REMEMBER=FOLDER a patch that was found right before is not tried again as long as it, the
# files that it changes and the files of its tests are the same. With SECONDS_MAX=N no patch is begun
# after so many seconds; those that were left out are named, and are the first ones next time.
#
# A copy of the checkout lies in the build folder, with a build folder of its own: cargo
# takes a copy for the same package, so a shared one would leave mutated programs behind for
# the real tests. What was compiled of the dependencies is linked into it, not compiled again.
# A patch that does not apply, a program that does not compile and a test that does not run
# are failures of this script, not of the patch.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
: "${CARGO_TARGET_DIR:=$top/target}"
mkdir -p "$CARGO_TARGET_DIR/mutations"
work=$(cd "$CARGO_TARGET_DIR/mutations" && pwd)
copy=$work/tree
log=$work/last.log
mkdir -p "$copy"

if [ ! -d "$work/target/release" ] && [ -d "$work/../release/.fingerprint" ]; then
    mkdir -p "$work/target/release"
    cp -al "$work/../release/deps" "$work/../release/build" "$work/../release/.fingerprint" \
        "$work/target/release/"
    rm -rf "$work"/target/release/.fingerprint/hadir-*
    rm -f "$work"/target/release/deps/{hadir,libhadir,it}-*
fi
export CARGO_TARGET_DIR=$work/target
# hadir itself is compiled once for each patch: quickly rather than well.
quick=profile.release.package.hadir.opt-level=0

# Files keep their times unless their contents changed: rsync need not be installed.
refresh() {
    (cd "$top" && git ls-files -z --cached --others --exclude-standard) |
        while IFS= read -r -d '' file; do
            [ -f "$top/$file" ] || continue
            if ! cmp -s "$top/$file" "$copy/$file"; then
                mkdir -p "$copy/$(dirname "$file")"
                cp "$top/$file" "$copy/$file"
            fi
        done
    (cd "$copy" && find . -type f -printf '%P\0') |
        while IFS= read -r -d '' file; do
            [ -f "$top/$file" ] || rm -f "$copy/$file"
        done
}

headers() { # PATCH KEY
    sed -n "s/^# $2: *//p" "$1" | sed 's/ *$//'
}

# Runs one test by its whole name; answers passed, failed, missing or broken.
run_test() { # NAME [ENVIRONMENT]
    local name=$1 environment=${2:-} target=(--test it)
    case $name in
    *::tests::*) target=(--lib) ;;
    esac
    (cd "$copy" && env $environment cargo test --release --config "$quick" --locked "${target[@]}" -- --exact "$name") \
        >"$log" 2>&1 </dev/null
    local status=$?
    if grep -q "^test $name .*ok$" "$log" && [ $status -eq 0 ]; then
        echo passed
    elif grep -q "^running 1 test" "$log" && [ $status -ne 0 ]; then
        echo failed
    elif grep -q "^running 0 tests" "$log"; then
        echo missing
    else
        echo broken
    fi
}

patches=()
if [ $# -gt 0 ]; then
    for name in "$@"; do patches+=("$top/tests/mutations/${name%.patch}.patch"); done
else
    patches=("$top"/tests/mutations/*.patch)
fi

# What the verdict on a patch hangs on in the first place, as one word.
key_of() { # PATCH
    {
        cat "$1"
        sed -n 's,^+++ b/,,p' "$1" | while read -r file; do cat "$top/$file"; done
        headers "$1" test | while read -r test; do
            grep -rl --include='*.rs' "fn ${test##*::}(" "$top/src" "$top/tests/it" | sort | xargs -r cat
        done
    } | sha256sum | cut -c 1-32
}

wrong=0 count=0 known=0 left=''
report() { # PATCH TEST RESULT VERDICT SECONDS
    printf '%-32s %-72s %-8s %-5s %4s s\n' "$@"
    count=$((count + 1))
    [ "$4" = ok ] && return
    wrong=$((wrong + 1))
    tail -n 40 "$log" | sed 's/^/    | /'
}

for patch in "${patches[@]}"; do
    label=$(basename "$patch" .patch)
    key=$(key_of "$patch")
    if [ -n "${REMEMBER:-}" ] && [ -e "$REMEMBER/$key" ]; then
        known=$((known + 1))
        continue
    fi
    if [ "$SECONDS" -gt "${SECONDS_MAX:-$SECONDS}" ]; then
        left+=" $label"
        continue
    fi
    wrong_before=$wrong
    refresh
    if ! (cd "$copy" && patch --batch --forward --fuzz=2 -p1 <"$patch") >"$log" 2>&1; then
        report "$label" - "no patch" WRONG 0
        continue
    fi
    mapfile -t tests < <(headers "$patch" test)
    [ ${#tests[@]} -gt 0 ] || report "$label" - "no test" WRONG 0
    for test in "${tests[@]}"; do
        start=$SECONDS
        result=$(run_test "$test")
        verdict=WRONG
        [ "$result" = failed ] && verdict=ok
        report "$label" "$test" "$result" $verdict $((SECONDS - start))
        environment=$(headers "$patch" expect | sed -n 's/^pass with //p')
        if [ -n "$environment" ]; then
            start=$SECONDS
            result=$(run_test "$test" "$environment")
            verdict=WRONG
            [ "$result" = passed ] && verdict=ok
            report "$label" "$test, $environment" "$result" $verdict $((SECONDS - start))
        fi
    done
    if [ -n "${REMEMBER:-}" ] && [ "$wrong" = "$wrong_before" ]; then
        mkdir -p "$REMEMBER" && : >"$REMEMBER/$key"
    fi
    # The times of the files go forward, so that cargo sees that they are whole again.
    find "$copy" -name '*.orig' -delete
done
refresh
[ -z "$left" ] || echo "NOT TRIED IN THIS RUN, for want of time:$left"
echo "$count checks of ${#patches[@]} mutations, $wrong wrong; $known unchanged since they were found right"
[ $wrong -eq 0 ] && [ $((count + known)) -gt 0 ]
