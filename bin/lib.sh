# Shared by the commands in bin/: prepares everything that Plumbline needs on this machine.
# POSIX sh. The caller has set $root. Messages go to stderr, stdout is the command's own.

UV_REQUIREMENT='uv>=0.13,<1'
PDF_PACKAGES='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter'
BROWSER_PACKAGES='chromium libatomic1'

state=$root/.plumbline
system=$state/system
venv=$root/.venv

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# timed NAME COMMAND...: run quietly, print the duration; on failure print what the command said.
timed() {
    timed_name=$1; shift
    timed_begun=$(date +%s)
    if "$@" >"$state/setup.log" 2>&1; then
        say "  ok      $timed_name ($(($(date +%s) - timed_begun)) s)"
    else
        say "  failed  $timed_name ($(($(date +%s) - timed_begun)) s)"
        tail -n 20 "$state/setup.log" >&2
        return 1
    fi
}

find_python() {
    for candidate in ${PLUMBLINE_PYTHON:+"$PLUMBLINE_PYTHON"} python3 /usr/bin/python3 \
        python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    fail "Plumbline needs Python 3.11 or newer; as root: apt-get install python3"
}

# ---- Debian packages: installed by root, unpacked into .plumbline/system by everybody else.

private_apt() {
    apt_tool=$1; shift
    "$apt_tool" -q -o Dir::State="$state/apt/state" -o Dir::Cache="$state/apt/cache" \
        -o Dir::State::status=/var/lib/dpkg/status -o Debug::NoLocking=1 \
        -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::= "$@"
}

update_lists() {
    if is_root; then
        apt-get -q update
    else
        mkdir -p "$state/apt/state/lists/partial" "$state/apt/cache/archives/partial"
        private_apt apt-get update
    fi
}

install_packages() {
    DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$@" && return 0
    # The lists may be missing or older than the archive.
    update_lists && DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends "$@"
}

unpack_packages() {
    update_lists || return 1
    missing=$(private_apt apt-get install -s --no-install-recommends "$@" |
        awk '$1 == "Inst" { print $2 }') || return 1
    # Installed packages do not count as missing, but may be asked for by name.
    [ -n "$missing" ] || missing=$*
    rm -rf "$state/apt/debs" && mkdir -p "$state/apt/debs" "$system"
    # shellcheck disable=SC2086 # one word per package
    (cd "$state/apt/debs" && private_apt apt-get download $missing) || return 1
    for deb in "$state/apt/debs"/*.deb; do
        dpkg-deb -x "$deb" "$system" || return 1
    done
    rm -rf "$state/apt/debs"
}

# get_packages PACKAGE...: however this user can.
get_packages() {
    has apt-get || return 1
    if is_root; then install_packages "$@"; else unpack_packages "$@"; fi
}

# ---- Certificates, uv, Python packages.

ensure_certificates() {
    "$python" - <<'PY' && return 0
import os, ssl, sys
paths = ssl.get_default_verify_paths()
named = [os.environ.get(name) for name in ("SSL_CERT_FILE", "PIP_CERT")]
bundle = "/etc/ssl/certs/ca-certificates.crt"
files = [path for path in (paths.cafile, bundle, *named) if path and os.path.exists(path)]
sys.exit(not files and not (paths.capath and os.listdir(paths.capath)))
PY
    is_root && has apt-get && timed "certificates" get_packages ca-certificates && return 0
    fail "No certificate authorities are known here; as root: apt-get install ca-certificates"
}

# Debian's own pip, unpacked: for a plain user on a machine without python3-venv.
borrow_pip() {
    find_pip_wheel || { unpack_packages python3-pip-whl && find_pip_wheel; } || return 1
    "$python" -m venv --without-pip "$state/boot"
    "$state/boot/bin/python" "$pip_wheel/pip" install -q --disable-pip-version-check \
        "$UV_REQUIREMENT"
}

find_pip_wheel() {
    for pip_wheel in /usr/share/python-wheels/pip-*.whl "$system"/usr/share/python-wheels/pip-*.whl
    do
        [ -e "$pip_wheel" ] && return 0
    done
    return 1
}

install_uv() {
    rm -rf "$state/boot"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if is_root && has apt-get && install_packages python3-venv; then :; else
            borrow_pip
            return
        fi
    fi
    "$python" -m venv "$state/boot" &&
        "$state/boot/bin/python" -m pip install -q --disable-pip-version-check "$UV_REQUIREMENT"
}

uv_works() { "$state/boot/bin/uv" --version >/dev/null 2>&1; }

# The certificates are the machine's own, so that one with an authority of its own works too.
sync_packages() {
    (cd "$root" && UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$venv" \
        UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" \
        "$state/boot/bin/uv" sync --frozen --inexact --python "$python" "$@")
}

# Django reads compiled catalogues only; they are made here, so that no gettext tool is needed.
compile_translations() {
    "$venv/bin/pybabel" -q compile --domain django --directory "$root/locale"
}

# ---- The libraries of the PDF, the browser.

pdf_ready() {
    PYTHONPATH="$root" "$venv/bin/python" - <<'PY' 2>/dev/null
import ctypes
from portal.embedded import libraries
libraries.font_files()
libraries.preload_pango()
for name in libraries.NEEDED:
    ctypes.CDLL(name)
PY
}

ensure_pdf() {
    pdf_ready && return 0
    # shellcheck disable=SC2086 # one word per package
    timed "libraries for PDF" get_packages $PDF_PACKAGES || true
    pdf_ready && return 0
    say "PDF documents will not work here; as root: apt-get install $PDF_PACKAGES"
}

find_chromium() {
    for candidate in ${PLUMBLINE_CHROMIUM:+"$PLUMBLINE_CHROMIUM"} "$state/chromium" chromium; do
        if "$candidate" --version >/dev/null 2>&1; then
            PLUMBLINE_CHROMIUM=$(command -v "$candidate")
            export PLUMBLINE_CHROMIUM
            return 0
        fi
    done
    return 1
}

has_libatomic() { "$venv/bin/python" -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null; }

# Unpacked libraries serve this one program only; on a path for all they would disturb others.
wrap_chromium() {
    [ -x "$system/usr/bin/chromium" ] || return 0
    cat >"$state/browser-fonts.conf" <<XML
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">system/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
XML
    cat >"$state/chromium" <<'SH'
#!/bin/sh
state=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
system=$state/system
export FONTCONFIG_FILE="$state/browser-fonts.conf"
export XDG_DATA_DIRS="$system/usr/share:/usr/local/share:/usr/share"
for folder in "$system"/usr/lib/*/ "$system"/lib/*/ "$system"/usr/lib/*/pulseaudio/; do
    LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${folder%/}
done
export LD_LIBRARY_PATH
exec "$system/usr/lib/chromium/chromium" "$@"
SH
    chmod +x "$state/chromium"
}

# The browser driver's own program needs libatomic: lend it that one library.
lend_libatomic() {
    has_libatomic && return 0
    for library in "$system"/usr/lib/*/libatomic.so.1; do
        [ -e "$library" ] || return 1
        mkdir -p "$state/lib" && ln -sf "$library" "$state/lib/libatomic.so.1"
    done
    LD_LIBRARY_PATH=$state/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export LD_LIBRARY_PATH
}

ensure_browser() {
    if ! find_chromium || ! lend_libatomic; then
        # shellcheck disable=SC2086 # one word per package
        timed "browser" get_packages $BROWSER_PACKAGES || true
        wrap_chromium
    fi
    if find_chromium && lend_libatomic; then return 0; fi
    say "Browser tests will be skipped; as root: apt-get install $BROWSER_PACKAGES"
}

# ---- Putting it together.

fingerprint() {
    printf '%s %s ' "$root" "$1"
    cat "$root/uv.lock" "$root/pyproject.toml" "$root/bin/lib.sh" "$root"/locale/*/LC_MESSAGES/*.po |
        sha256sum
}

is_set_up() {
    [ -f "$state/stamp-$1" ] && [ "$(cat "$state/stamp-$1")" = "$(fingerprint "$1")" ] &&
        "$venv/bin/python" -c '' 2>/dev/null
}

prepare() {
    python=$(find_python)
    ensure_certificates
    uv_works || timed "installer" install_uv
    # shellcheck disable=SC2086 # options, none or one
    timed "Python packages" sync_packages $2
    timed "translations" compile_translations
    ensure_pdf
    fingerprint "$1" >"$state/stamp-$1"
}

# One key per copy of Plumbline, readable by its user alone; a variable of the caller comes first.
keep_secret_key() {
    [ -z "${PLUMBLINE_SECRET_KEY:-}" ] || return 0
    if [ ! -s "$state/secret-key" ]; then
        (umask 077 && "$venv/bin/python" -c 'import secrets; print(secrets.token_urlsafe(50))' \
            >"$state/secret-key.$$" && mv "$state/secret-key.$$" "$state/secret-key")
    fi
    PLUMBLINE_SECRET_KEY=$(cat "$state/secret-key")
    export PLUMBLINE_SECRET_KEY
}

# set_up demo|dev: everything that the demo (or the tests) need. Quick when nothing has changed.
set_up() {
    export PLUMBLINE_SYSTEM="$system"
    # The tests' packages include those of the demo.
    if is_set_up dev || is_set_up "$1"; then keep_secret_key; return 0; fi
    mkdir -p "$state"
    say "Setting up Plumbline in $root"
    if has flock; then
        # Two commands at once must not both write the environment.
        exec 9>"$state/setup.lock"
        flock 9
    fi
    if ! is_set_up "$1"; then
        case $1 in demo) prepare demo --no-dev ;; dev) prepare dev '' ;; esac
    fi
    keep_secret_key
    exec 9>&-
}

services() { PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" exec "$venv/bin/python" -m portal.embedded "$@"; }
