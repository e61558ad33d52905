"""Where can a parcel be followed? The carriers' public pages, by the carrier's name and the number."""

from typing import Final
from urllib.parse import quote

_PAGES: Final = {
    "ups": "https://www.ups.com/track?tracknum={number}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={number}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
    "dhl": "https://www.dhl.com/global-en/home/tracking/tracking-express.html?tracking-id={number}",
    "dpd": "https://tracking.dpd.de/status/en_US/parcel/{number}",
    "gls": "https://gls-group.com/GROUP/en/parcel-tracking?match={number}",
    "royalmail": "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
    "canadapost": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
    "australiapost": "https://auspost.com.au/mypost/track/#/details/{number}",
    "japanpost": "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={number}",
    "jne": "https://www.jne.co.id/en/tracking/trace?awb={number}",
    "jt": "https://www.jet.co.id/track?awb={number}",
    "sicepat": "https://www.sicepat.com/checkAwb?awb={number}",
    "anteraja": "https://anteraja.id/tracking/{number}",
    "posindonesia": "https://www.posindonesia.co.id/en/tracking/{number}",
}
_OTHER_NAMES: Final = {
    "jtexpress": "jt",
    "jnt": "jt",
    "jntexpress": "jt",
    "jneexpress": "jne",
    "sicepatekspres": "sicepat",
    "dhlexpress": "dhl",
    "unitedparcelservice": "ups",
    "federalexpress": "fedex",
    "uspostalservice": "usps",
    "auspost": "australiapost",
    "pos": "posindonesia",
}


def tracking_url(carrier: str, number: str) -> str | None:
    """The page that follows `number`, or None for a carrier that is not known.

    Case, spaces and punctuation of the carrier's name do not matter ("J&T Express" is "jnt express"). The
    number is escaped: it was typed by people.
    """
    name = "".join(letter for letter in carrier.casefold() if letter.isascii() and letter.isalnum())
    page = _PAGES.get(_OTHER_NAMES.get(name, name))
    stripped = number.strip()
    return page.format(number=quote(stripped, safe="")) if page and stripped else None
