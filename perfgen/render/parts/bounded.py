"""Templates rendered with an end: what a template can make long, large or deep is a finding about it.

Jinja's sandbox keeps a template from Python, not from work without end. Operators that make very much at once are
refused, because nothing can stop them on their way; the rest is held to time and memory by `system.limits`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from perfgen.findings import Finding, FormError
from perfgen.system import limits

SECONDS = 60.0
"""How much processor time a template may take; the largest form known takes one."""
MEBIBYTES = 1_500
"""How much memory a template may take."""
LONGEST = 50_000_000
"""How many characters a template may make."""
_MOST_BITS = 4_096
"""How large a product of whole numbers may be."""
_LONGEST_COPY = 1_000_000
"""How long a text or list may be that is made of copies of one."""


_MOST_ASKED = 5_000
_SAFE: dict[tuple[type, str], bool] = {}
"""What Jinja's sandbox said of an attribute, by the kind of object and the attribute's name."""
_TOO_DEEP = "套得太深，或者绕回了自己"


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox in which no operator makes very much at once."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether a template may see an attribute.

        Jinja decides by the kind of object and the name of the attribute, so it is asked once for both.
        """
        asked = (type(obj), attr)
        known = _SAFE.get(asked)
        if known is None:
            if len(_SAFE) >= _MOST_ASKED:
                _SAFE.clear()
            known = _SAFE[asked] = super().is_safe_attribute(obj, attr, value)
        return known

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Computes; raises SecurityError for powers, texts made very wide, and very large products."""
        if operator == "**":
            raise SecurityError(f"模板里不能用 {operator}")
        if operator == "%" and isinstance(left, str | bytes) and _is_too_wide(left):
            raise SecurityError("模板里 % 前面的写法太宽：宽度和小数位不超过 99，不用 *")
        if operator == "*" and _is_too_large(left, right):
            raise SecurityError("模板里乘出来的太大")
        return super().call_binop(context, operator, left, right)


def _is_too_wide(pattern: str | bytes) -> bool:
    """Whether a %-format may ask for more than 99 places, or takes its width from a value."""
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    return re.search(r"%(?:\([^)]*\))?[^a-zA-Z%]*(?:\*|\d{3})", text.replace("%%", "")) is not None


def _is_too_large(left: object, right: object) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() + right.bit_length() > _MOST_BITS
    sizes = [len(side) if isinstance(side, str | list | tuple) else side for side in (left, right)]
    lengths = [size for size in sizes if isinstance(size, int)]
    return len(lengths) == 2 and lengths[0] * lengths[1] > _LONGEST_COPY


_COMPUTED = (ArithmeticError, TypeError, ValueError, LookupError, AttributeError, NameError)
"""How what a template computes goes wrong, as in Python: a type, a division by zero, a number, an encoding."""


@contextmanager
def bounded(finding: Callable[[Exception, str], Finding], *, computes: bool) -> Iterator[None]:
    """Renders inside with an end. Raises FormError, with what `finding` makes of an exception and of what is wrong.

    In a template that `computes` nothing, what goes wrong in computing is no fault of the template.
    """
    try:
        with limits.limited(SECONDS, MEBIBYTES):
            yield
    except (jinja2.TemplateError, SyntaxError) as error:
        of_python = type(error) is SyntaxError  # of the code that Jinja makes: too many brackets in one another
        raise FormError([finding(error, _TOO_DEEP if of_python else f"{error}")]) from error
    except limits.OutOfTimeError as error:
        raise FormError([finding(error, f"算了 {SECONDS:.0f} 秒还没有完，多半是循环套得太多")]) from error
    except MemoryError as error:
        raise FormError([finding(error, "要的内存太多")]) from error
    except RecursionError as error:
        raise FormError([finding(error, _TOO_DEEP)]) from error
    except _COMPUTED as error:
        if not computes:
            raise
        raise FormError([finding(error, f"{type(error).__name__}: {str(error)[:200]}")]) from error


def not_too_long(text: str) -> str:
    """A rendered text. Raises ValueError for one that is longer than a template may make."""
    if len(text) > LONGEST:
        raise ValueError(f"生成的内容超过 {LONGEST:,} 个字")
    return text
