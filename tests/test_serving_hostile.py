"""A page on another origin, in a real browser: it can change, read and frame nothing, even when it knows the key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import tiny
from tests.helpers.browsing import launched, opened
from tests.helpers.browsing import served as on_the_web
from tests.helpers.serving import serving

pytestmark = pytest.mark.browser
FILE = "data/2025/东园.yaml"
NAME = "evil.example"


@pytest.fixture(scope="module")
def browser():
    with launched(f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as browser:
        yield browser


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("hostile") / "project")


@pytest.fixture(scope="module")
def served(root):
    with serving(root) as served:
        yield served


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The address of another site on this machine: the nearest that a foreign page can come."""
    folder = tmp_path_factory.mktemp("web") / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<!DOCTYPE html><title>elsewhere</title><p>hello", "utf-8")
    with on_the_web(folder) as address:
        yield address


@pytest.fixture
def page(browser, elsewhere):
    page = opened(browser, elsewhere)
    yield page
    page.context.close()


def data(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "data").rglob("*") if path.is_file()}


def change(served) -> str:
    version = served.view(FILE)["version"]
    return json.dumps({"file": FILE, "version": version, "path": ["备注"], "text": "被别的网页改了"})


FETCH = """async ([address, body, options]) => {
  try {
    const answer = await fetch(address, { ...options, ...(body ? { method: "POST", body } : {}) });
    return `${answer.type} ${(await answer.text()).length}`;
  } catch (error) { return "refused"; }
}"""


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize("kind", ["text/plain", "application/json", None])
def test_a_fetch_changes_and_reads_nothing(served, root, page, mode, kind):
    before = data(root)
    options = {"mode": mode, "credentials": "include", **({"headers": {"Content-Type": kind}} if kind else {})}
    for path, body in [("api/put", change(served)), (f"api/window?file={FILE}", None), ("", None)]:
        got = page.evaluate(FETCH, [served.address + path, body, options])
        assert got in ("refused", "opaque 0")
    assert data(root) == before


def test_a_form_that_is_sent_changes_nothing(served, root, page):
    before = data(root)
    with page.expect_navigation() as navigated:
        page.evaluate(
            """([address, body]) => {
              const form = Object.assign(document.createElement("form"), {
                action: address, method: "POST", enctype: "text/plain" });
              const [name, value] = [body.slice(0, -1) + ',"x":"', '"}'];
              form.append(Object.assign(document.createElement("input"), { name, value }));
              document.body.append(form);
              form.submit();
            }""",
            [f"{served.address}api/put", change(served)],
        )
    assert navigated.value.status == 403
    assert data(root) == before


def test_nothing_of_it_can_be_shown_or_run_in_another_page(served, page):
    said = page.evaluate(
        """async (address) => {
          const tried = (element) => new Promise((done) => {
            element.onload = () => done("loaded"); element.onerror = () => done("refused");
            document.body.append(element);
          });
          const make = (tag, more) => Object.assign(document.createElement(tag), more);
          return [
            await tried(make("img", { src: address })),
            await tried(make("script", { src: address + "static/window.js" })),
            await tried(make("script", { src: address + "api/window?file=x", type: "module" })),
            await tried(make("link", { rel: "stylesheet", href: address + "static/serve.css" })),
          ];
        }""",
        served.address,
    )
    assert said == ["refused"] * 4


def test_it_cannot_be_framed(served, page):
    page.evaluate(
        """(address) => { const frame = document.createElement("iframe"); frame.src = address;
          document.body.append(frame); }""",
        served.window(FILE),
    )
    page.wait_for_timeout(500)
    frames = [frame for frame in page.frames if frame is not page.main_frame]
    assert len(frames) == 1
    assert not frames[0].query_selector("#form")


def test_it_hears_no_events(served, root, page):
    page.evaluate(
        """(address) => { window.heard = []; const source = new EventSource(address);
          source.onopen = () => heard.push("open"); source.onerror = () => heard.push("error");
          source.addEventListener("changed", () => heard.push("changed")); }""",
        f"{served.address}events",
    )
    assert served.put(FILE, ["备注"], "自己改的").status == 200
    page.wait_for_timeout(800)
    heard = page.evaluate("heard")
    assert "error" in heard
    assert not {"open", "changed"} & set(heard)


def test_a_window_that_it_opens_says_nothing_to_it(served, page):
    with page.context.expect_page() as opening:
        page.evaluate("(address) => { window.other = window.open(address); }", served.window(FILE))
    other = opening.value
    other.wait_for_load_state()
    assert not other.query_selector("#form")
    assert "别的网页" in other.inner_text("main")
    assert other.evaluate("window.opener") is None
    assert page.evaluate("() => { try { return other.document.title } catch { return 'refused' } }") in ("refused", "")


def test_a_name_that_leads_here_is_another_site(served, root, browser):
    before = data(root)
    page = browser.new_page()
    answer = page.goto(served.address.replace("127.0.0.1", NAME))
    assert answer.status == 403
    assert "只能在这台电脑上" in page.inner_text("main")
    got = page.evaluate(FETCH, [f"http://{NAME}:{served.port}{served.path}api/put", change(served), {}])
    assert got.startswith("basic")  # the page may read that it was refused
    assert data(root) == before
    page.close()


def test_a_frame_without_an_origin_changes_nothing(served, root, page):
    before = data(root)
    page.evaluate(
        """([address, body]) => { const frame = document.createElement("iframe");
          frame.sandbox = "allow-scripts allow-forms";
          frame.srcdoc = `<script>fetch(${JSON.stringify(address)}, {method: "POST", mode: "no-cors",
            body: ${JSON.stringify(JSON.stringify(body)).replaceAll("<", "\\\\x3c")} })<\\/script>`;
          document.body.append(frame); }""",
        [f"{served.address}api/put", json.loads(change(served))],
    )
    page.wait_for_timeout(500)
    assert data(root) == before


def test_no_address_leaves_the_window(served, browser):
    page = opened(browser, served.window(FILE))
    page.wait_for_selector("#form td, #form th")
    key = served.path.strip("/")
    sent = []
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108  # it takes no builtin
    page.reload()
    page.wait_for_selector("#form td, #form th")
    assert sent
    assert {request.url.split("/")[2] for request in sent if request.url.startswith("http")} == {
        f"127.0.0.1:{served.port}"
    }
    assert not [request for request in sent if key in request.headers.get("referer", "")]
    assert key not in page.evaluate("document.cookie + JSON.stringify([localStorage, sessionStorage])")
    assert [line for line in page.said if "favicon" not in line] == []
    page.close()
