# For scripts that make a whole root, sourced as their first step with their own arguments:
#
#   . cross/mounts.sh       afterwards `work` is a folder of their own, which is gone when they end
#
# In a mount namespace of its own: what is mounted while a root is made is gone with the script,
# however it ends, and no clean-up can ever reach through it into the machine's own folders.
if [ -z "${HADIR_OWN_MOUNTS:-}" ]; then
    HADIR_OWN_MOUNTS=yes exec unshare --mount --propagation private sh "$0" "$@"
fi
work=$(mktemp -d "${TMPDIR:-/var/tmp}/hadir-root.XXXXXX")
clean() {
    # Deepest first; what cannot be unmounted is left where it is, with its folder.
    awk -v below="$work/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
        while read -r mounted; do umount "$mounted"; done
    rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

# The mirror that apt of this machine uses for a release of Debian.
mirror() { # RELEASE
    apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' \
        'Created-By: Packages' 'Origin: Debian' |
        awk -v r="$1" '$1 == r && $2 == "main" { print $3; exit }'
}
