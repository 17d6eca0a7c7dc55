"""feedparser: each address a feed without a fault."""

import json
import sys

import feedparser


def told(address):
    feed = feedparser.parse(address)
    return {
        "bozo": int(feed.bozo),
        "why": str(feed.get("bozo_exception", "")),
        "version": feed.version,
        "title": feed.feed.get("title", ""),
        "total": feed.feed.get("os_totalresults"),
        "entries": [
            {
                "id": entry.get("id"),
                "title": entry.title,
                # asked for by its own name: feedparser would give one for the other, and warn of it
                "updated": bool({"updated_parsed", "published_parsed"} & set(entry)),
                "links": [[link.get("rel"), link.href] for link in entry.links],
                "where": entry.get("where"),
            }
            for entry in feed.entries
        ],
    }


print(json.dumps([told(address) for address in sys.argv[1:]]))
