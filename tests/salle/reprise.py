"""A second chance for what happens in a browser: a busy machine can make a page late, never twice in a row; each one is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol

_REPRIS: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a browser test once more when it failed; a real defect fails both times."""
    if item.get_closest_marker("navigateur") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    rapports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(rapport.failed for rapport in rapports):
        _REPRIS.append(item.nodeid)
        item.a_echoue = False  # type: ignore[attr-defined]
        item._initrequest()  # type: ignore[attr-defined]
        rapports = runtestprotocol(item, nextitem=nextitem, log=False)
    for rapport in rapports:
        if item.nodeid in _REPRIS and rapport.when == "call":
            rapport.user_properties.append(("repris", item.nodeid))
        item.ihook.pytest_runtest_logreport(report=rapport)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(hookwrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    repris = sorted(
        str(valeur)
        for rapports in terminalreporter.stats.values()
        for rapport in rapports
        for nom, valeur in getattr(rapport, "user_properties", [])
        if nom == "repris"
    )
    for nom in dict.fromkeys(repris):
        terminalreporter.write_line(f"repris une fois dans le navigateur : {nom}")
