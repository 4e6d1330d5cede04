"""Work in blocks, by threads or processes; the answer depends on neither. An interrupt leaves nothing running."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")


def in_threads(work: Callable[[int, int], T], total: int, size: int, workers: int) -> list[T]:
    """``work(first, last)`` for each block of at most `size` of `total` replicates, in order.

    Threads serve, because array work lets others run; matrix products keep to one thread each meanwhile. On an
    interrupt (or any error) blocks that wait are dropped, and those at work end first.
    """
    parts = spans(total, size)
    with threadpool_limits(limits=1, user_api="blas"):
        if workers == 1 or len(parts) == 1:
            return [work(first, last) for first, last in parts]
        pool = ThreadPoolExecutor(workers)
        try:
            jobs = [pool.submit(work, first, last) for first, last in parts]
            return [job.result() for job in jobs]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def in_processes(work: Callable[[int, int], T], total: int, size: int, workers: int) -> list[T]:
    """The same in processes, for searches that are Python code step by step; on an interrupt they are ended."""
    parts = spans(total, size)
    if workers == 1 or len(parts) == 1:
        return [work(first, last) for first, last in parts]
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    try:
        return list(Parallel(n_jobs=workers)(delayed(work)(first, last) for first, last in parts))
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def spans(total: int, size: int) -> list[tuple[int, int]]:
    """First and last (exclusive) of each block.

    Examples
    --------
    >>> spans(5, 2)
    [(0, 2), (2, 4), (4, 5)]
    """
    return [(first, min(first + size, total)) for first in range(0, total, size)]
