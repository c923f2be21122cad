@echo off
chcp 65001 >nul
rem 双击它：装好程序，检查全部文件，做出 Word 表，打开放着它们的文件夹。填表双击 填表.cmd。
call "%~dp0填表.cmd" all
