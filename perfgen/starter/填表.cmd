@echo off
chcp 65001 >nul
rem 双击它：装好程序，在浏览器里打开填表的窗口。填完关掉这个窗口。
rem 填表.cmd all（双击 全部生成.cmd）：检查全部文件，做出 Word 表，打开放着它们的文件夹。话留在窗口里，按一个键才关。
setlocal
cd /d "%~dp0"
set PYTHONUTF8=1

set "PYTHON="
for %%P in (py.exe python.exe python3.exe) do (
    if not defined PYTHON (
        %%P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=%%P"
    )
)
if not defined PYTHON (
    echo 这台电脑上没有 Python 3.11 或更新的版本。
    echo 不用管理员也能装：运行 Python 官方的 Windows 安装程序，不要勾选“为所有用户安装”，装好再双击一次。
    goto failed
)

if exist ".venv\run.ok" (
    fc /b requirements\perfgen.txt .venv\run.ok >nul 2>nul && goto ready
)
echo 第一次要装程序，几分钟。
if not exist ".venv\Scripts\python.exe" (
    %PYTHON% -m venv .venv || goto not_installed
)
set "FROM="
if exist "vendor\dependencies" set "FROM=--no-index --find-links vendor\dependencies"
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: %FROM% -r requirements\dependencies.txt || goto not_installed
set "FROM="
if exist "vendor\perfgen-*.whl" set "FROM=--no-index --find-links vendor"
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall --require-hashes --only-binary :all: %FROM% -r requirements\perfgen.txt || goto not_installed
copy /y requirements\perfgen.txt .venv\run.ok >nul

:ready
if /i "%~1"=="all" goto all
.venv\Scripts\perfgen serve || goto failed
exit /b 0

:all
echo 检查全部文件……
.venv\Scripts\perfgen check
set CHECKED=%ERRORLEVEL%
if %CHECKED% GTR 1 goto failed
echo.
echo 做 Word 表……
.venv\Scripts\perfgen build --only docx
set BUILT=%ERRORLEVEL%
if %CHECKED%%BUILT%==00 (
    echo 都好了。Word 表在 build\official 里。
) else (
    echo 有错误的文件没有做；照上面写的改好，再双击一次。别的 Word 表在 build\official 里。
)
if exist "build\official" start "" "build\official"
echo.
echo 按任意键关闭这个窗口。
pause >nul
exit /b %CHECKED%

:not_installed
echo 程序没有装上，原因在上面。
:failed
echo.
echo 按任意键关闭这个窗口。
pause >nul
exit /b 3
