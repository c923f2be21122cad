# perfgen：make all 是第一条命令，缺什么它自己装，或者告诉你装什么。
PYTHON ?= python3
VENV := .venv
# 程序的话里写着接着打什么；从这里运行的，就写 make 的写法
PERFGEN := PERFGEN_MAKE=make $(VENV)/bin/perfgen
JOBS ?=
FLAGS := $(if $(JOBS),-j $(JOBS))
# 比较的两个版本，例如 BASE=v1..HEAD；不写就是和主分支分开的地方，和现在的文件
BASE ?=
FORMAT ?=
# 一个文件或文件夹，例如 FILE=data/2026/示例市档案馆.yaml；ALL=1 逐条列出全部
FILE :=
ALL :=
# 把这一天当作今天，例如 DATE=2026-02-10，看公开以后的样子；DATE=today 就是今天
DATE :=
FULL :=
RULE :=
RUNS :=
YEAR :=
YEARS :=
UNIT :=
FORM :=
SUBJECT :=
PLACE :=
# 写在命令行上的字原样交给程序，里面有引号、空格也行
quoted = '$(subst ','\'',$(value $(1)))'
given = $(if $(value $(1)),$(2)$(call quoted,$(1)))
needs = $(if $(value $(1)),,$(error 缺少 $(1)；写成 make $(2)))

.DEFAULT_GOAL := help
.PHONY: all serve build verify check fix status explain new next rollover import test test-fast lint format coverage wheel nightly fuzz docx pdf html bench diff review request compare merge comment gitconfig rules lock doctor clean help

# 不带 FILE= 的文件，make 当作目标：它已经有了，就什么也不做，也什么都不说
typed_files := $(filter data/% %.yaml %.docx %.pdf,$(MAKECMDGOALS))
ifneq ($(typed_files),)
$(error 文件写在 FILE= 后面：make $(firstword $(filter-out $(typed_files),$(MAKECMDGOALS)) check) FILE=$(firstword $(typed_files)))
endif

# 小写的 file= 是另一个名字，make 不声不响地不理它；别的不认识的名字也一样
settings := PYTHON VENV JOBS BASE FORMAT FILE ALL DATE RULE YEAR YEARS UNIT FORM SUBJECT PLACE FULL RUNS
upper = $(shell printf '%s' '$(1)' | tr a-z A-Z)
unknown = $(if $(filter $(settings),$(call upper,$(1))),$(1)= 要大写：写成 $(call upper,$(1))=…,不认识 $(1)=；可以写的有 $(settings))
$(foreach name,$(filter-out $(settings) PERFGEN SHELL MAKEFLAGS,$(.VARIABLES)),$(if $(filter command,$(origin $(name))),$(error $(call unknown,$(name)))))

all: $(VENV)/run.ok ## 检查全部数据，生成 Word、PDF 和网页；make all FILE=文件 只做它
	@$(PERFGEN) build $(FLAGS) $(call given,DATE,--date=) $(call given,FILE)

serve: $(VENV)/run.ok ## 在浏览器里填表：看着正式的表填，检查就在旁边；按 Ctrl-C 结束
	@$(PERFGEN) serve

verify: $(VENV)/run.ok ## 发布以前：成品全部重做一遍，和 build/ 里的逐字节比较，不一样的换掉；make verify FILE=公开的文件 说它是哪次提交的数据，改了哪里
	@$(PERFGEN) $(if $(value FILE),verify $(call quoted,FILE),build --verify $(FLAGS) $(call given,DATE,--date=))

check: $(VENV)/run.ok ## 检查数据；make check FILE=文件 只查它，ALL=1 逐条列出，BASE=版本 只看改过的
	@$(PERFGEN) check $(if $(ALL),--all) $(call given,BASE,--changed=) $(call given,DATE,--date=) $(if $(FORMAT),--format '$(FORMAT)') $(call given,FILE)

fix: $(VENV)/run.ok ## 自动改正全角标点这样的写法，再检查；make fix FILE=文件
	@$(PERFGEN) check --fix $(if $(ALL),--all) $(call given,FILE)

# 屏幕上是文字，同样的内容写成网页和表格，放在 build/review
status: $(VENV)/run.ok ## 谁交了、谁没交，批复和公开了没有，离期限还有几天；make status YEAR=2026
	@$(PERFGEN) status $(call given,YEAR) -o build/review/status.html -o build/review/status.csv

explain: $(VENV)/run.ok ## 说一条规则；make explain RULE=A08 FILE=文件
	@$(PERFGEN) explain $(call given,RULE) $(call given,FILE)

new: $(VENV)/run.ok ## 新建一个空的数据文件；make new YEAR=2026 UNIT=单位，一项一表的加 FORM=表名 SUBJECT=项目
	@$(call needs,YEAR,new YEAR=2026 UNIT=单位)$(call needs,UNIT,new YEAR=2026 UNIT=单位)$(PERFGEN) new $(call quoted,YEAR) $(call quoted,UNIT) $(call given,FORM,--form=) $(call given,SUBJECT,--subject=)

next: $(VENV)/run.ok ## 接着一个文件做下一张表的（例如从目标表做自评表）；make next FILE=文件或文件夹，有几张就加 FORM=表名，那张表没有写放在哪里就加 PLACE='自评/{单位名称}/{项目名称}'
	@$(call needs,FILE,next FILE=文件)$(PERFGEN) next $(call quoted,FILE) $(call given,FORM,--form=) $(call given,PLACE,--path=)

rollover: $(VENV)/run.ok ## 从今年的文件续写下一年的；make rollover FILE=文件或文件夹
	@$(call needs,FILE,rollover FILE=文件)$(PERFGEN) rollover $(call quoted,FILE)

import: $(VENV)/run.ok ## 从 Word 表导入；make import FILE=文件或文件夹
	@$(call needs,FILE,import FILE=文件)$(PERFGEN) import $(call quoted,FILE)

# 有 build 这个文件夹，不声明的话 make 说它已经是最新的
build:
	@echo '没有 make build 这个目标；全部生成是 make all，一个文件是 make all FILE=文件。' >&2; exit 2

docx pdf html: $(VENV)/run.ok ## 只生成这一种文件
	@$(PERFGEN) build $(FLAGS) --only $@

# 几个测试文件同时试，每个文件里的按顺序：一个文件里的几个测试常用同一份做好的东西；费时的文件先试（tests/conftest.py）
# 编译好的测试和程序存在 __pycache__ 里：不存的话，每个进程都重新编译一遍
TESTS = PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# 一个测试要用到什么，看它的标记：pyproject.toml 的 markers，docs/testing.md
FAST := not (libreoffice or browser or node or pdf or cluster or long)
no_tests = echo "这里没有测试，只检查数据。"; $(PERFGEN) check

test: $(VENV)/dev.ok ## 运行全部测试
	@if [ -d tests ]; then $(TESTS); else $(no_tests); fi

test-fast: $(VENV)/dev.ok ## 一边改一边运行的测试：不用 LibreOffice、浏览器、集群，不做 PDF，一两分钟
	@if [ -d tests ]; then $(TESTS) -m '$(FAST)'; else $(no_tests); fi

lint: $(VENV)/dev.ok ## 检查代码（ruff、mypy）
	@$(VENV)/bin/ruff format --check perfgen tests benchmarks scripts
	@$(VENV)/bin/ruff check perfgen tests benchmarks scripts
	@$(VENV)/bin/mypy

# 有不同时 perfgen diff 的退出码是 1，这里不算失败
diff: $(VENV)/run.ok ## 比较两个版本，说哪些放宽了、哪些取消了；make diff BASE=版本，make diff YEARS=2025..2026
	@$(PERFGEN) diff $(call given,YEARS,--years=) $(if $(BASE),'$(BASE)') $(if $(FORMAT),--format '$(FORMAT)') $(call given,FILE) || [ $$? -eq 1 ]

review: $(VENV)/run.ok ## 把比较写到 build/review：评论、网页、给程序用的数据、带修订标记的 Word
	@set -e; for format in markdown:comment.md html:diff.html json:diff.json; do \
	  $(PERFGEN) diff $(if $(BASE),'$(BASE)') --format "$${format%%:*}" -o "build/review/$${format#*:}" || [ $$? -eq 1 ]; \
	done; \
	rm -rf build/review/redline; \
	$(PERFGEN) diff $(if $(BASE),'$(BASE)') -o build/review/diff.txt --redline build/review/redline || [ $$? -eq 1 ]

request: ## 取来合并请求的提交，检出目标分支（只给 CI 用）
	@$(PYTHON) scripts/request.py

# 程序、表和规则用检出的，从 BASE 写的两个提交里只取数据
compare: $(VENV)/run.ok ## 比较两个提交里的数据，写成评论 build/review/comment.md（只给 CI 用）
	@rm -f build/review/comment.md
	@$(call needs,BASE,compare BASE=甲...乙)$(PERFGEN) diff $(call quoted,BASE) --format markdown -o build/review/comment.md || [ $$? -eq 1 ]

# 两个都绿的合并请求合在一起可能不对。合并和检查都用检出的（目标分支的）程序，合并请求的提交放在 build/merge，只当作数据
merge: $(VENV)/run.ok ## 检查两个提交合并以后的样子（只给 CI 用）；make merge BASE=甲...乙
	@$(call needs,BASE,merge BASE=甲...乙)PERFGEN_MAKE=make $(PYTHON) scripts/merge.py $(call quoted,BASE) $(VENV)/bin/perfgen $(if $(FORMAT),--format '$(FORMAT)')

comment: ## 在合并请求里发表或更新 build/review/comment.md（只给 CI 用）
	@$(PYTHON) scripts/comment.py build/review/comment.md

# 程序装在别处、删了、出了错，就由 git 自己合并：不能只留下一边的内容
own_merge = git merge-file --marker-size=%L -L HEAD -L base -L theirs %A %O %B
joined = merge %O %A %B --path %P --marker-size %L --labels %S %X %Y; code=$$?; test $$code -le 1 || { $(own_merge); code=$$?; }; exit $$code

gitconfig: $(VENV)/run.ok ## 设好本仓库的 git：中文文件名照原样显示，Word 文件显示成文字，数据文件按行合并
	@here="'$$(git rev-parse --show-prefix)$(VENV)/bin/perfgen'"; \
	git config core.quotepath false; \
	git config diff.docx.textconv "$$here text"; \
	git config merge.perfgen.name '按行的名称合并数据文件'; \
	git config merge.perfgen.driver "$$here"' $(joined)'

# 被改坏的代码和得分都在 mutants/，不提交。
nightly: $(VENV)/nightly.ok ## 花几个小时的测试：换一批随机的例子，把检查的代码改坏看测试发不发现
	@PERFGEN_MORE_EXAMPLES=10 $(VENV)/bin/python -m pytest tests/test_properties.py
	@PERFGEN_RANDOM_FORMS=500 PERFGEN_FIRST_FORM=$$(date +%j000) $(VENV)/bin/python -m pytest tests/test_pdf_heights.py
	@PERFGEN_NIGHT=1 $(VENV)/bin/python -m pytest -m nightly
	@PERFGEN_VISIT=600 $(VENV)/bin/python -m pytest tests/test_serving_memory.py
	@PERFGEN_MARKUP_FILES=2000 $(VENV)/bin/python -m pytest tests/test_import_random_markup.py
	@nice $(VENV)/bin/mutmut run $(if $(JOBS),--max-children $(JOBS))
	@$(VENV)/bin/python benchmarks/mutation.py --survivors
	@$(MAKE) --no-print-directory fuzz

# 新找到的写在 build/fuzz/found/；改好以后把那个文件放进 tests/fuzz/corpus/，make test 就一直试它。
fuzz: $(VENV)/fuzz.ok ## 用改来改去的字节试各个读文件的地方（atheris，只在 Linux）；make fuzz RUNS=次数
	@nice $(VENV)/bin/python -m tests.fuzz.run -runs=$(or $(RUNS),20000)

# 两次做的字节一样；SHA256SUMS 是 perfgen init --pin 要的清单
wheel: $(VENV)/run.ok ## 做安装包：dist/ 里的 .whl 和它的 SHA256SUMS
	@rm -rf dist && $(VENV)/bin/python -m hatchling build -t wheel -d dist >/dev/null && cd dist && sha256sum *.whl > SHA256SUMS && cat SHA256SUMS

format: $(VENV)/dev.ok ## 把代码排成统一的样子
	@$(VENV)/bin/ruff check --fix --exit-zero --quiet perfgen tests benchmarks scripts
	@$(VENV)/bin/ruff format perfgen tests benchmarks scripts

coverage: $(VENV)/dev.ok ## 运行全部测试，说哪些行没有测到；网页在 build/coverage
	@$(TESTS) --cov=perfgen --cov-report=term:skip-covered --cov-report=html:build/coverage

# 全部量要一个多小时；一处一处的细账：.venv/bin/python -m benchmarks.check（或 pdf、diff）
bench: $(VENV)/dev.ok ## 量速度，和别的程序比，写到 docs/speed.md；make bench FULL=1 全部量
	@$(VENV)/bin/python -m benchmarks $(if $(FULL),--full)

rules: $(VENV)/run.ok ## 从规则文件生成规则说明：docs/rules.md，有几张表的每张一本
	@$(PERFGEN) explain --book --write

doctor: $(VENV)/run.ok ## 看这台机器缺什么，怎么补
	@$(PERFGEN) doctor

lock: ## 重新锁定依赖的版本和哈希（要有 uv）
	@for set in dependencies: run:build cluster:build,cluster dev:build,dev,cluster nightly:build,dev,nightly,cluster \
	  fuzz:build,dev,fuzz,cluster; do \
	  uv pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	    $$(printf '%s\n' "$${set#*:}" | tr , '\n' | sed -n 's/^./--extra &/p') \
	    pyproject.toml -o requirements/$${set%%:*}.txt; \
	done

clean: ## 删除生成的文件
	@rm -rf build

help: ## 显示这份说明
	@sed -n 's/^\([a-z][a-z -]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r names words; do printf '  make %-16s %s\n' "$$names" "$$words"; done

# pip 只从锁定的清单安装，每个包都核对哈希；perfgen 自己以可编辑方式装入。
$(VENV)/%.ok: requirements/%.txt pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh $(PYTHON) $(VENV) requirements/$*.txt
	@touch $@

# 打错的目标
.DEFAULT:
	@echo '没有 make $@ 这个目标。make help 列出全部，查一个文件是 make check FILE=文件。' >&2; exit 2
