"""Every place where a vote can be interrupted, found in the code itself: each `await`, each
`async with`, each statement of the writer's thread. A test names one, and what happens there.
"""

import ast
import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

AWAIT, AROUND, STATEMENT = "__point__", "__around__", "__statement__"


@dataclass
class Fault:
    """What is to happen at one point, once: before its work, or when that is done."""

    point: str = ""
    happens: Callable[[], BaseException] | None = None
    after: bool = False
    cancels: bool = False
    fired: bool = False
    reached: set[str] = field(default_factory=set)

    def arm(self, point: str, happens: Callable[[], BaseException] | None, *, after: bool) -> None:
        """`happens` makes the error; without it the task is cancelled."""
        self.point, self.happens, self.after, self.fired = point, happens, after, False

    def disarm(self) -> None:
        self.point = ""

    def is_due(self, point: str, *, after: bool) -> bool:
        self.reached.add(point)
        due = point == self.point and after == self.after and not self.fired
        self.fired = self.fired or due
        return due

    async def strike(self) -> None:
        if self.happens is not None:
            raise self.happens()
        task = asyncio.current_task()
        assert task
        task.cancel()
        await asyncio.sleep(0)

    async def point_(self, name: str, work: Awaitable[Any]) -> Any:
        if self.is_due(name, after=False):
            if inspect.iscoroutine(work):
                work.close()
            await self.strike()
        done = await work
        if self.is_due(name, after=True):
            await self.strike()
        return done

    @asynccontextmanager
    async def around(self, name: str, inner: AbstractAsyncContextManager[Any]) -> Any:
        if self.is_due(name, after=False):
            await self.strike()
        async with inner as given:
            yield given
        if self.is_due(name, after=True):
            await self.strike()

    def statement(self, name: str, call: Callable[..., Any], *given: Any) -> Any:
        if self.is_due(name, after=False) and self.happens:
            raise self.happens()
        done = call(*given)
        if self.is_due(name, after=True) and self.happens:
            raise self.happens()
        return done


class Marker(ast.NodeTransformer):
    """Puts a mark around each point of a module, and keeps their names."""

    def __init__(self, module: ModuleType, wanted: Callable[[str], bool]) -> None:
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
        if not inside or not self.wanted(inside):
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
    wanted: Callable[[str], bool] = lambda _name: True,
) -> list[str]:
    """Let the functions of this module pass by `fault`; the names of their points."""
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
                yield each
