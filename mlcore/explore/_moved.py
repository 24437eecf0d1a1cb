"""What the book's build takes out of a page, which then comes quickly; two scripts bring it back.

The data of an explorer's frames and of a network go to files of their own. A drawing below the first waits as
text in ``<noscript>``: readers without scripts see it, for the others it is no element of the page until
they come near. Until then, empty drawings of the same shape keep its place.
"""

import re
from hashlib import sha256

_DATA = re.compile(
    r'(<script type="application/json" class="(explorer-frames|digit-network)")>(.+?)</script>', re.S
)
_DRAWING = re.compile(r'(?<=<div class="explorer-stage">).*?</div>(?=</div>)', re.S)


def moved_out(page):
    """A page's HTML without what it does not need at once, and files for that.

    Parameters
    ----------
    page : str
        HTML, with explorers and networks as :mod:`mlcore.explore` has put them there.

    Returns
    -------
    page : str
        HTML, with ``data-src="name"`` where data stood.
    files : dict
        Scripts to serve beside it, by name; a file with other contents has another name.
    """
    files = {}

    def move(match):
        opening, kind, data = match.groups()
        name = f"{kind}-{sha256(data.encode()).hexdigest()[:12]}.js"
        # As a text for JSON.parse it is read faster than as a script, and raw it stays as it is.
        data = data.replace("`", r"\u0060").replace("${", r"\u0024{")
        files[name] = f"document.currentScript.data = JSON.parse(String.raw`{data}`);\n"
        return f'{opening} data-src="{name}"></script>'

    page = _DATA.sub(move, page)
    first = _DRAWING.search(page)
    end = first.end() if first else 0
    return page[:end] + _DRAWING.sub(_waiting, page[end:]), files


def _waiting(match):
    panels = match[0].partition("</defs></svg>")[2]
    empty = re.sub(r'(<svg viewBox="[^>]*>).*?</svg>', r"\1</svg>", panels, flags=re.S)
    empty = empty.replace('class="explorer-panels"', 'class="explorer-panels explorer-place"')
    return f"<noscript>{match[0]}</noscript>{empty}"
