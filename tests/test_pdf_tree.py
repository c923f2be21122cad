"""A page is read as XML only where HTML would give the same tree."""

from __future__ import annotations

import pytest
import tinyhtml5

from perfgen.render.parts.pdf_tree import tree_of

HEAD = '<head><meta charset="utf-8"/><title>表</title></head>'


def page(body: str, head: str = HEAD) -> str:
    return f'<!DOCTYPE html>\n<html lang="zh-CN">{head}<body>{body}</body></html>'


def shape(element) -> tuple:
    text = (element.text or "").strip()
    return element.tag, dict(element.attrib), text, [(shape(child), (child.tail or "").strip()) for child in element]


@pytest.mark.parametrize(
    "body",
    [
        '<h1>甲 &amp; 乙 &lt;b&gt; &#34;丙&#34; &#39;</h1><p class="outside">丁<br/>戊</p>',
        "<table><colgroup><col/><col/></colgroup>\n<tbody>\n"
        "<tr id='a'><td>1<span>2</span>3</td><td><p>4</p></td></tr></tbody></table>",
        "<p>𠮷\u200b\u3000 · </p><div></div>",
    ],
)  # fmt: skip
def test_a_well_made_page_has_the_tree_of_html(body):
    tree = tree_of(page(body))
    assert tree is not None
    assert shape(tree) == shape(tinyhtml5.parse(page(body), namespace_html_elements=False))


@pytest.mark.parametrize(
    "body",
    [
        "<p>甲", "<p/>乙", "<p>甲<p>乙</p></p>", "<p><table></table></p>", "<table><tr><td>1</td></tr></table>",
        "<table>甲<tbody></tbody></table>", "<P>甲</P>", "<p>&nbsp;</p>", "<p>&#128;</p>", "<!-- 甲 --><p>乙</p>",
        "<p><![CDATA[甲]]></p>", "<ul><li>甲</li></ul>", "<p>甲</p><br>", "<span>甲</span>", "<?php 甲 ?>",
        "<p>\x00</p>",
    ],
)  # fmt: skip
def test_what_html_reads_otherwise_is_left_to_it(body):
    assert tree_of(page(body)) is None


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE html [<!ENTITY a "aaaa">]><html><head></head><body><p>&a;</p></body></html>',
        "<html><body></body></html>",
        page("<p>甲</p>", "<head><style>p::before { content: '&amp;' }</style></head>"),
        "",
    ],
)
def test_entities_and_half_pages_are_left_to_html(text):
    assert tree_of(text) is None
