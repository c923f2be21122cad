"""The score of the last mutation run, by module: mutants that a test noticed, of those that were tried."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

# mutmut's exit codes: every test passed, or none looks there; not run, or left out
SURVIVED, UNTRIED = (0, 33), (None, 34)


def main() -> None:
    """Prints a line for each module; with `--survivors`, the names for `mutmut show` too."""
    total: Counter[str] = Counter()
    for meta in sorted(Path("mutants/perfgen").rglob("*.meta")):
        codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        left = sorted(name for name, code in codes.items() if code in SURVIVED)
        tried = sum(code not in UNTRIED for code in codes.values())
        total.update(tried=tried, killed=tried - len(left), all=len(codes))
        if tried:
            print(f"{tried - len(left):5} / {tried:<5} {meta.name.removesuffix('.meta')}")
            if "--survivors" in sys.argv:
                print("".join(f"{'':14}{name}\n" for name in left), end="")
    if total["tried"]:
        share = 100 * total["killed"] / total["tried"]
        print(f"{total['killed']:5} / {total['tried']:<5} = {share:.1f} %，共有 {total['all']} 个变异")


if __name__ == "__main__":
    main()
