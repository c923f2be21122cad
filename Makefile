# perfgen：make all 是第一条命令，缺什么它自己装，或者告诉你装什么。
PYTHON ?= python3
VENV := .venv
PERFGEN := $(VENV)/bin/perfgen
JOBS ?=
FLAGS := $(if $(JOBS),-j $(JOBS))

.DEFAULT_GOAL := help
.PHONY: all check test lint docx pdf html bench rules lock doctor clean help

all: $(VENV)/run.ok ## 检查全部数据，生成 Word、PDF 和网页
	@$(PERFGEN) build $(FLAGS)

check: $(VENV)/run.ok ## 只检查数据，列出全部问题
	@$(PERFGEN) check

docx pdf html: $(VENV)/run.ok ## 只生成这一种文件
	@$(PERFGEN) build $(FLAGS) --only $@

test: $(VENV)/dev.ok ## 运行全部测试
	@if [ -d tests ]; then $(VENV)/bin/python -m pytest; else echo "这里没有测试，只检查数据。"; $(PERFGEN) check; fi

lint: $(VENV)/dev.ok ## 检查代码（ruff、mypy）
	@$(VENV)/bin/ruff format --check perfgen tests benchmarks
	@$(VENV)/bin/ruff check perfgen tests benchmarks
	@$(VENV)/bin/mypy

bench: $(VENV)/dev.ok ## 量一量时间花在哪里
	@$(VENV)/bin/python benchmarks/build.py
	@$(VENV)/bin/python benchmarks/pdf.py

rules: $(VENV)/run.ok ## 从规则文件生成规则说明 docs/rules.md
	@$(PERFGEN) explain --book > docs/rules.md

doctor: $(VENV)/run.ok ## 看这台机器缺什么，怎么补
	@$(PERFGEN) doctor

lock: ## 重新锁定依赖的版本和哈希（要有 uv）
	@for set in run:build dev:build,dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	    $$(printf '%s\n' "$${set#*:}" | tr , '\n' | sed 's/^/--extra /') \
	    pyproject.toml -o requirements/$${set%%:*}.txt; \
	done

clean: ## 删除生成的文件
	@rm -rf build

help: ## 显示这份说明
	@sed -n 's/^\([a-z][a-z ]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r names words; do printf '  make %-16s %s\n' "$$names" "$$words"; done

# pip 只从锁定的清单安装，每个包都核对哈希；perfgen 自己以可编辑方式装入。
$(VENV)/%.ok: requirements/%.txt pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh $(PYTHON) $(VENV) requirements/$*.txt
	@touch $@
