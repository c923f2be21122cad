#!/bin/sh
# Makes the virtual environment PYTHON -> VENV from the locked LIST, after the system libraries it
# needs. Installs those itself as root or with password-less sudo; otherwise says the one command.
# perfgen itself comes from this folder; where a PIN is given, it is the wheel that the pin names:
# from vendor/ where it lies there, else from where pip fetches things.
set -eu
python=$1 venv=$2 list=$3 pin=${4:-}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "要有 Python 3.11 或更新的版本；现在的 $python 不是。可以用 make PYTHON=python3.12 all 指定。" >&2
    exit 3
fi

# 内网里的证书和连不上时的话：docs/ci.md
if [ -n "${PERFGEN_CA:-}" ]; then
    export SSL_CERT_FILE="$PERFGEN_CA" PIP_CERT="$PERFGEN_CA"
fi
unreachable() {
    grep -Eiq 'could not resolve|name resolution|connection refused|cannot connect|could not connect|unable to connect|timed out|failed to establish|max retries|proxyerror|newconnectionerror|network is unreachable|failed to fetch|certificate' "$1"
}
no_network() {
    echo "连不上$1。内网里设 $2，证书是自己的设 PERFGEN_CA，都没有的用 perfgen init --vendored，见 docs/ci.md。" >&2
    exit 3
}

missing=
have_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q "$1"; }
if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null 2>&1; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
    have_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
    have_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
    have_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
    command -v fc-match >/dev/null 2>&1 || missing="$missing fontconfig"
    fc-list 2>/dev/null | grep -q 'Noto Serif CJK SC' || missing="$missing fonts-noto-cjk"
fi
if [ -n "$missing" ]; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            as_root=sudo
        else
            echo "这台机器还缺系统软件，请管理员运行这一条命令，然后再来一次：" >&2
            echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
            exit 3
        fi
    fi
    echo "安装系统软件：$missing"
    log=$(mktemp)
    # shellcheck disable=SC2086  # the list is words
    if ! { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
        unreachable "$log" && no_network " Debian 的软件源，系统软件没有装上（$missing ）" "PERFGEN_APT_MIRROR（CI 里），或改 /etc/apt 里的源"
        tail -n 20 "$log" >&2
        echo "系统软件没有装上，原因在上面。" >&2
        exit 3
    fi
    rm -f "$log"
fi

# Python reads the .pth file, where pip writes this folder's absolute name, in the locale's encoding: with LC_ALL=C or
# in GBK it ends at a Chinese name before any code of ours runs. A path from there to here is ASCII.
relative_path_file() {
    for file in "$venv"/lib/python*/site-packages/_perfgen.pth; do
        [ -f "$file" ] || continue
        "$python" -c 'import os, sys; sys.stdout.write(os.path.relpath(".", os.path.dirname(sys.argv[1])) + "\n")' \
            "$file" >"$file.new"
        mv "$file.new" "$file"
    done
}

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
relative_path_file
install() {
    log=$(mktemp)
    if ! PIP_RETRIES="${PIP_RETRIES:-2}" "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" \
        >"$log" 2>&1; then
        unreachable "$log" && rm -f "$log" && no_network "装依赖的软件源" PIP_INDEX_URL
        cat "$log" >&2
        echo "依赖没有装上，原因在上面。" >&2
        exit 3
    fi
    cat "$log" >&2
    rm -f "$log"
}
echo "安装依赖（$list）……"
wheels=
[ -d vendor/dependencies ] && wheels="--no-index --find-links vendor/dependencies"
# shellcheck disable=SC2086  # the options are words
install --require-hashes --only-binary :all: $wheels -r "$list"
if [ -n "$pin" ]; then
    wheels=
    ls vendor/perfgen-*.whl >/dev/null 2>&1 && wheels="--no-index --find-links vendor"
    # shellcheck disable=SC2086
    install --no-deps --force-reinstall --require-hashes --only-binary :all: $wheels -r "$pin"
else
    install --no-deps --no-build-isolation --editable .
    relative_path_file
fi
