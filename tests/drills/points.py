"""Every place where a vote can be interrupted, found in the code itself: each `await`, each
`async with`, each statement of the writer's thread. A test names one, and what happens there.
"""

import ast
import asyncio
import errno
import inspect
import os
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any

import asyncpg
import pytest

AWAIT, AROUND, STATEMENT = "__point__", "__around__", "__statement__"


@dataclass
class Lead:
    """What goes wrong first, so that a vote comes by a point where it never is otherwise."""

    place: str
    error: Callable[[], BaseException]
    times: int = 1


@dataclass
class Fault:
    """What is to happen at one point, once: before its work, or when that is done."""

    point: str = ""
    kind: str = ""
    after: bool = False
    fired: bool = False
    leads: list[Lead] = field(default_factory=list)
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    """Whom a cancellation meets while the writer's thread is at work: those who wait."""
    reached: set[str] = field(default_factory=set)

    def arm(self, point: str, kind: str, *, after: bool) -> None:
        """`kind` is cancel, kill, or the name of an error of the system."""
        self.point, self.kind, self.after, self.fired = point, kind, after, False

    def disarm(self) -> None:
        self.point, self.leads = "", []

    def is_due(self, point: str, *, after: bool) -> bool:
        self.reached.add(point)
        due = point == self.point and after == self.after and not self.fired
        self.fired = self.fired or due
        return due

    def lead(self, point: str) -> None:
        for lead in self.leads:
            if lead.place in point and lead.times > 0:
                lead.times -= 1
                raise lead.error()

    def strike(self) -> None:
        """The process is gone at once, or the error of this place is raised."""
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise failing(self.point, self.kind)

    async def strike_here(self) -> None:
        if self.kind != "cancel":
            self.strike()
        task = asyncio.current_task()
        assert task
        task.cancel()
        await asyncio.sleep(0)

    def strike_in_thread(self) -> None:
        if self.kind != "cancel":
            self.strike()
        for task in self.tasks:
            task.get_loop().call_soon_threadsafe(task.cancel)
        time.sleep(0.005)  # The loop is to act on it before this thread goes on.

    async def point_(self, name: str, work: Awaitable[Any]) -> Any:
        try:
            self.lead(name)
            if self.is_due(name, after=False):
                await self.strike_here()
        except BaseException:
            begun = getattr(work, "aw", work)  # Starlette wraps a form's.
            if inspect.iscoroutine(begun):
                begun.close()
            raise
        done = await work
        if self.is_due(name, after=True):
            await self.strike_here()
        return done

    @asynccontextmanager
    async def around(self, name: str, inner: AbstractAsyncContextManager[Any]) -> Any:
        self.lead(name)
        if self.is_due(name, after=False):
            await self.strike_here()
        async with inner as given:
            yield given
        if self.is_due(name, after=True):
            await self.strike_here()

    def statement(self, name: str, call: Callable[..., Any], *given: Any) -> Any:
        self.lead(name)
        if self.is_due(name, after=False):
            self.strike_in_thread()
        done = call(*given)
        if self.is_due(name, after=True):
            self.strike_in_thread()
        return done


def failing(point: str, kind: str) -> BaseException:
    """The error as it comes there: from the engine at its statements, else from the system."""
    number: int = getattr(errno, kind)
    if is_statement(point):
        return sqlite3.OperationalError(kind)
    if point.startswith("store_postgres"):
        of_server = asyncpg.DiskFullError if number == errno.ENOSPC else asyncpg.PostgresIOError
        return of_server(kind)  # type: ignore[no-any-return]
    return OSError(number, kind)


def is_statement(point: str) -> bool:
    """Whether it is a statement of the writer's thread, not something awaited."""
    return point.startswith("store_sqlite") and "execute(" in point


class Marker(ast.NodeTransformer):
    """Puts a mark around each point of a module, and keeps their names."""

    def __init__(self, module: ModuleType, wanted: Collection[str]) -> None:
        self.short = module.__name__.rpartition(".")[2]
        self.wanted = wanted
        self.points: list[str] = []
        self._inside: list[tuple[str, bool]] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node, is_async=False)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node, is_async=True)

    def _function(self, node: ast.AST, *, is_async: bool) -> ast.AST:
        self._inside.append((getattr(node, "name", ""), is_async))
        try:
            return self.generic_visit(node)
        finally:
            self._inside.pop()

    def visit_Await(self, node: ast.Await) -> ast.AST:
        name = self._name(node)
        self.generic_visit(node)
        if name:
            node.value = _call(AWAIT, name, [node.value])
        return node

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        names = [self._name(item.context_expr) for item in node.items]
        self.generic_visit(node)
        for item, name in zip(node.items, names, strict=True):
            if name:
                item.context_expr = _call(AROUND, name, [item.context_expr])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ""
        is_statement = isinstance(node.func, ast.Attribute) and node.func.attr == "execute"
        if is_statement and self._inside and not self._inside[-1][1]:
            name = self._name(node)
        self.generic_visit(node)
        return _call(STATEMENT, name, [node.func, *node.args]) if name else node

    def _name(self, node: ast.expr) -> str:
        inside = ".".join(name for name, _is_async in self._inside)
        if not inside or (self.wanted and inside not in self.wanted):
            return ""
        words = " ".join(ast.unparse(node).split())[:60]
        name = f"{self.short}.{inside}:{node.lineno} {words}"
        self.points.append(name)
        return name


def _call(function: str, name: str, given: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Name(function, ast.Load()), [ast.Constant(name), *given], [])


def mark(
    fault: Fault,
    module: ModuleType,
    patch: pytest.MonkeyPatch,
    wanted: Collection[str] = (),
) -> list[str]:
    """Let the functions of this module, or those that are wanted, pass by `fault`; the names of
    their points.
    """
    marker = Marker(module, wanted)
    tree = ast.fix_missing_locations(marker.visit(ast.parse(inspect.getsource(module))))
    path = module.__file__
    assert path
    codes = {code.co_qualname: code for code in _codes(compile(tree, path, "exec"))}
    for name, given in (
        (AWAIT, fault.point_), (AROUND, fault.around), (STATEMENT, fault.statement),
    ):  # fmt: skip
        patch.setitem(vars(module), name, given)
    for function in _functions(module):
        if fresh := codes.get(function.__code__.co_qualname):
            patch.setattr(function, "__code__", fresh)
    return marker.points


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for holder in (module, *(each for each in vars(module).values() if isinstance(each, type))):
        for each in vars(holder).values():
            if isinstance(each, FunctionType) and each.__module__ == module.__name__:
                yield inspect.unwrap(each)
