"""The base of every result of `analyses/`, shared with the rooms above through `cxlab.show.result`."""

from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_html, notices_text

__all__ = ["Result", "Text", "bilingual", "each", "in_language", "notices_html", "notices_text"]
