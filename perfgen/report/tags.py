"""The tags that a page of a public authority's site carries in its head: of the site, of a column, of an article.

The names and what stands in them are those of 国办发〔2017〕47号, attachment 网页设计规范, 网页标签. Each is there
where the settings have what it says, so that a site without settings has those of the article alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfgen.data import as_group, as_scalar
from perfgen.display import show
from perfgen.report.site import HOME, NAMES, Site

_OF_SITE = {"SiteName": "名称", "SiteDomain": "域名", "SiteIDCode": "标识码"}
_OF_COLUMN = {"ColumnName": "名称", "ColumnDescription": "说明", "ColumnKeywords": "关键词", "ColumnType": "类别"}


@dataclass(frozen=True)
class Tag:
    """A `meta` element: its name and its content."""

    name: str
    content: str


@dataclass(frozen=True)
class Article:
    """What the tags of a content page say of it."""

    title: str
    unit: str
    published: str
    """The ISO date."""
    keywords: tuple[str, ...]
    description: str
    path: str
    """Of the page, below the site."""


def start(site: Site) -> tuple[Tag, ...]:
    """The tags of the start page: of the site, and of the column that the settings say it is, else of the usual one."""
    home = {name: show(as_scalar(value)) for name, value in as_group(site.settings.get(HOME)).items()}
    return (*_of_site(site), *_named(_OF_COLUMN, home or site.column()), *_url(site, "index.html"))


def column(site: Site, form: str = "") -> tuple[Tag, ...]:
    """The tags of a page that lists others: of the site and of a column, that of a form or the usual one."""
    return (*_of_site(site), *_named(_OF_COLUMN, site.column(form)))


def content(site: Site, form: str, article: Article) -> tuple[Tag, ...]:
    """The tags of a page that is about one thing, which stands in the column of a form."""
    return (
        *column(site, form),
        Tag("ArticleTitle", article.title),
        Tag("PubDate", f"{article.published} 00:00"),  # the hour is part of the form, and nobody says it
        Tag("ContentSource", article.unit),
        Tag("Keywords", ",".join(dict.fromkeys(filter(None, article.keywords)))),
        Tag("Description", article.description),
        *_url(site, article.path),
    )


def _of_site(site: Site) -> Iterator[Tag]:
    names = as_group(site.settings.get(NAMES))
    return _named(_OF_SITE, {name: show(as_scalar(value)) for name, value in names.items()})


def _named(tags: Mapping[str, str], values: Mapping[str, str]) -> Iterator[Tag]:
    return (Tag(tag, values[name]) for tag, name in tags.items() if values.get(name))


def _url(site: Site, path: str) -> Iterator[Tag]:
    if address := site.address(path):
        yield Tag("Url", address)
