"""The pages of this room are counted as those of the site are."""

from tests.web.site.conftest import queries_of

__all__ = ["queries_of"]
