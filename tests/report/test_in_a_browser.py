"""The report in headless Chromium: no request, nothing runs, no error, readable for everybody."""

import pytest

SCHEMES = ("light", "dark")


@pytest.fixture
def look_at(browser):
    """look_at(path, scheme): open a page; return it with all that it said and asked for."""
    contexts = []

    def look(path, scheme="light", width=1100):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        page, said, asked = context.new_page(), [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        requests = [one for one in asked if not one.startswith("data:")]
        assert requests == [path.as_uri()]
        return page, said

    yield look
    for context in contexts:
        context.close()


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(digits, written, look_at, lang, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page, said = look_at(written(digits, lang), scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = Axe().run(page).response["violations"]
    grave = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] != "minor"]
    assert grave == []
    assert said == []


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.slow)])
def test_names_that_are_scripts_are_shown_and_never_run(hostile, written, look_at, lang):
    page, said = look_at(written(hostile, lang))
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for tag in ("img", "svg", "td", "figcaption", "text"):
        for one in page.query_selector_all(tag)[:40]:
            one.dispatch_event("mouseover")
            one.dispatch_event("click")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.scripts.length") == 0
    assert page.title().startswith("<img src=x onerror=window.hacked=1>")
    assert "<script>window.hacked=1</script>" in page.inner_text("body")
    on = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
    assert not [name for name in page.evaluate(on) if name.startswith("on") or name == "style"]
    links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert links and all(link.startswith("#") for link in links)
    assert said == []


@pytest.mark.slow
def test_a_narrow_screen_scrolls_up_and_down_alone(digits, written, look_at):
    page, _ = look_at(written(digits), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.slow
def test_dark_is_dark(digits, written, look_at):
    colour = "getComputedStyle(document.body).backgroundColor"
    found = [look_at(written(digits), scheme)[0].evaluate(colour) for scheme in SCHEMES]
    assert found[0] == "rgb(255, 255, 255)" and found[1] != found[0]
