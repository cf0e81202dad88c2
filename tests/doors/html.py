"""What a page is made of, for looking at it without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Page(HTMLParser):
    """A page taken apart; a void or an unclosed element is kept like any other."""

    text: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.extend(data.split())

    @property
    def said(self) -> str:
        """All words that stand between the tags, spaces made even."""
        return " ".join(self.words)

    def every(self, name: str) -> list[str]:
        """The values of an attribute, in their order."""
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    @property
    def classes(self) -> set[str]:
        return {name for value in self.every("class") for name in value.split()}

    @property
    def addresses(self) -> list[str]:
        return [*self.every("href"), *self.every("src"), *self.every("action")]

    @property
    def own_code_or_style(self) -> list[str]:
        """What a strict Content-Security-Policy would refuse."""
        found = [tag for tag, _ in self.tags if tag == "style"]
        found += [tag for tag, its in self.tags if tag == "script" and not its.get("src")]
        names = [name for _, attributes in self.tags for name in attributes]
        return found + [name for name in names if name == "style" or name.startswith("on")]

    @property
    def ids_used_twice(self) -> set[str]:
        ids = self.every("id")
        return {name for name in ids if ids.count(name) > 1}
