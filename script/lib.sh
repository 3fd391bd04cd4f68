# Shared by the scripts beside it: what to say, and how to get a package.

# Where Python is told not to keep what it compiles, each of many processes would compile all of it again.
export PYTHONDONTWRITEBYTECODE=

say() { echo "==> $*" >&2; }
fail() { echo "==> $*" >&2; exit 1; }

# find_python: a Python of 3.11 or newer, $PYTHON first.
find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# venv_package PYTHON: the Debian package that completes this Python, for example python3.11-venv.
venv_package() { "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'; }

is_installed() { dpkg-query --show --showformat='${Status}\n' "$1" 2>/dev/null | grep -q '^install ok installed'; }

# can_install: true where apt can be asked without a password.
can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# missing NAME...: those Debian packages that are not installed; empty where there is no dpkg to ask.
missing() {
    command -v dpkg-query >/dev/null || return 0
    for name in "$@"; do is_installed "$name" || echo "$name"; done
}

# need_packages NAME...: installs what is missing where it may; otherwise says in one line what to install.
need_packages() {
    wanted=$(missing "$@" | tr '\n' ' ')
    [ -n "$wanted" ] || return 0
    can_install || { say "Missing packages. Install them with: sudo apt-get install $wanted"; return 1; }
    say "Installing $wanted"
    export DEBIAN_FRONTEND=noninteractive
    # A new machine has no package lists yet, or old ones: they are asked for when the first try finds nothing.
    apt_install $wanted 2>/dev/null || { apt-get update -qq </dev/null >&2 && apt_install $wanted; }
}

apt_install() { apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" </dev/null >/dev/null; }
