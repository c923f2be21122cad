"""What Word and Excel put into the clipboard, and how a test pastes it into a page."""

from __future__ import annotations

from typing import Any

_PASTE = """([html, text]) => {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    data.setData("text/plain", text);
    const target = document.activeElement;
    target.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def word(*rows: tuple[str, ...]) -> tuple[str, str]:
    """Rows as Word 2016 puts them there: HTML with its own namespaces and classes, and text with tabs."""
    cell = (
        "<td width=95 style='width:71.0pt;border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;"
        "padding:0cm 5.4pt 0cm 5.4pt'><p class=MsoNormal align=center>"
        "<span lang=EN-US style='font-size:9.0pt;font-family:仿宋_GB2312'>"
        "{}<o:p></o:p></span></p></td>"
    )
    body = "".join(
        f"<tr style='mso-yfti-irow:{n}'>{''.join(cell.format(t) for t in row)}</tr>" for n, row in enumerate(rows)
    )
    html = (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>'
        '<meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm;} --></style></head>'
        "<body lang=ZH-CN><!--StartFragment--><table class=MsoNormalTable border=1 cellspacing=0 cellpadding=0>"
        f"{body}</table><!--EndFragment--></body></html>"
    )
    return html, "\r\n".join("\t".join(row) for row in rows) + "\r\n"


def excel(*rows: tuple[str, ...]) -> tuple[str, str]:
    """Rows as Excel puts them there."""
    body = "".join(f" <tr height=19>{''.join(f'<td class=xl65 width=72>{t}</td>' for t in row)}</tr>" for row in rows)
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        '<head><meta name=Generator content="Microsoft Excel 15"></head><body><table border=0 cellpadding=0>'
        f"<!--StartFragment-->{body}<!--EndFragment--></table></body></html>"
    )
    return html, "\r\n".join("\t".join(row) for row in rows) + "\r\n"


def paste(page: Any, html: str, text: str) -> None:
    """Pastes into what has the focus, as a browser does at Ctrl+V."""
    page.evaluate(_PASTE, [html, text])
