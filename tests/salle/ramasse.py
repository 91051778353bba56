"""What lives as long as the process (Django, its applications, the tests) is not looked at again by the garbage collector
at every turn: a tenth of the suite's time."""

import gc


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
