"""What the settings of a site say of it, for descriptions that programs read: texts, empty where nobody said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from perfgen.data import as_group, as_scalar
from perfgen.display import show
from perfgen.report.site import Site

_GROUP = "站点"


@dataclass(frozen=True)
class SiteWords:
    """The words about a site and who keeps it."""

    site: Site

    @cached_property
    def _words(self) -> dict[str, str]:
        group = as_group(self.site.settings.get(_GROUP))
        return {name: show(as_scalar(value)) for name, value in group.items() if not isinstance(value, dict | list)}

    @property
    def name(self) -> str:
        """What the site is called."""
        return self._words.get("名称") or "公开数据"

    @property
    def domain(self) -> str:
        """Its domain."""
        return self._words.get("域名", "")

    @property
    def publisher(self) -> str:
        """Who keeps it; its name where nobody said."""
        return self._words.get("主办单位") or self.name

    @property
    def home(self) -> str:
        """The address of its public root, with its slash."""
        return self.address("")

    def address(self, path: str) -> str:
        """The whole address of a public file by its path below the site; empty where nobody said where that is."""
        return self.site.address(path)

    @property
    def license(self) -> dict[str, str]:
        """The licence of its data: `title` and `path`; empty where nobody gave one."""
        named = {"title": self._words.get("数据许可", ""), "path": self._words.get("数据许可网址", "")}
        return {name: text for name, text in named.items() if text}
