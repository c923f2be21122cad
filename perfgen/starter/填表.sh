#!/bin/sh
# 双击它：装好程序，在浏览器里打开填表的窗口。填完关掉这个窗口，或者在这里按 Ctrl-C。
# sh 填表.sh all（双击 全部生成.sh）：检查全部文件，做出 Word 表，打开放着它们的文件夹。话留在窗口里，按回车才关。
cd "$(dirname "$0")" || exit 3

end() {
    echo
    if [ -t 0 ]; then printf '按回车键关闭这个窗口。'; read -r _; fi
    exit "$1"
}

python=
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "这台电脑上没有 Python 3.11 或更新的版本。请管理员装上，然后再双击一次。"
    end 3
fi

if [ ! -f .venv/run.ok ] || [ requirements/perfgen.txt -nt .venv/run.ok ] || [ requirements/dependencies.txt -nt .venv/run.ok ]; then
    echo "第一次要装程序，几分钟。"
    sh scripts/setup.sh "$python" .venv requirements/dependencies.txt requirements/perfgen.txt || {
        code=$?
        echo "程序没有装上，原因在上面。"
        end "$code"
    }
    touch .venv/run.ok
fi

if [ "${1:-}" != all ]; then
    trap : INT
    .venv/bin/perfgen serve ${PERFGEN_NO_WINDOW:+--no-browser}
    code=$?
    if [ "$code" -ne 0 ]; then end "$code"; fi
    exit 0
fi

echo "检查全部文件……"
.venv/bin/perfgen check
checked=$?
if [ "$checked" -gt 1 ]; then end "$checked"; fi
echo
echo "做 Word 表……"
.venv/bin/perfgen build --only docx
built=$?
if [ "$checked" -eq 0 ] && [ "$built" -eq 0 ]; then
    echo "都好了。Word 表在 build/official 里。"
else
    echo "有错误的文件没有做；照上面写的改好，再双击一次。别的 Word 表在 build/official 里。"
fi
if [ -d build/official ] && [ -z "${PERFGEN_NO_WINDOW:-}" ]; then
    for open in xdg-open open; do
        if command -v "$open" >/dev/null 2>&1; then "$open" build/official >/dev/null 2>&1 & break; fi
    done
fi
[ "$checked" -eq 0 ] && checked=$built
end "$checked"
