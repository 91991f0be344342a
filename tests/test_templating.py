"""How people's own words get into a page."""

from markupsafe import Markup

from awards.i18n import speaking
from awards.templating import parts, prose, written


def test_own_words_are_marked_where_the_page_has_another_language() -> None:
    with speaking("en"):
        assert written("陆春芳 <b>") == '<span lang="zh-Hans">陆春芳 &lt;b&gt;</span>'
        assert written("Lu Chunfang") == "Lu Chunfang"
        assert prose("一锅热汤。") == '<div lang="zh-Hans"><p>一锅热汤。</p>\n</div>'
    with speaking("zh-Hans"):
        assert written("Lu Chunfang") == '<span lang="en">Lu Chunfang</span>'
        assert written("1966-05") == "1966-05"


def test_a_name_breaks_after_its_dots_only() -> None:
    with speaking("en"):
        marked = parts(written("买买提·<吐>"))

    assert marked == (
        '<span lang="zh-Hans"><span class="phrase">买买提·</span>'
        '<span class="phrase">&lt;吐&gt;</span></span>'
    )
    assert parts("A·<b>") == ('<span class="phrase">A·</span><span class="phrase">&lt;b&gt;</span>')
    assert parts(Markup("<bdi>x</bdi>")) == "<bdi>x</bdi>"
