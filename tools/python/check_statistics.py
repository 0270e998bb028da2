"""Checks that the library's statistics are those of SciPy and scikit-learn on the same data.

    node tools/print-statistics.ts > statistics.json
    python python/check_statistics.py statistics.json

Two bootstraps with other random numbers differ: the ends of a 95 % interval over 10,000 resamples by about 1 % of its
width. Up to 5 % is let pass, and up to 15 % for SciPy's default, the BCa interval, which is another kind.
"""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.metrics import cohen_kappa_score

SCALE = [1, 2, 3, 4, 5]
RESAMPLES = 10_000
SAME_KIND = 0.05
OTHER_KIND = 0.15


class Report:
    """Prints checks as they are made, and counts them."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def check(self, name: str, passed: bool, detail: str) -> None:
        print(f"{'ok  ' if passed else 'FAIL'}  {name}: {detail}")
        self.passed += passed
        self.failed += not passed

    def close(self, name: str, ours: float, theirs: float, tolerance: float) -> None:
        self.check(name, abs(ours - theirs) <= tolerance, f"{ours:.6g}, there {theirs:.6g}")

    def interval(self, name: str, ours: dict, theirs: tuple[float, float], tolerance: float) -> None:
        low, high = theirs
        distance = max(abs(ours["low"] - low), abs(ours["high"] - high)) / (high - low)
        detail = f"[{ours['low']:.4f}, {ours['high']:.4f}], there [{low:.4f}, {high:.4f}], {distance:.1%} of the width"
        self.check(name, distance <= tolerance, detail)


def expanded_confidence(cases: int) -> float:
    """What the percentile interval has to be asked for to cover 95 % with so few cases (Hesterberg 2015)."""
    return 1 - 2 * stats.norm.cdf(stats.t.ppf(0.025, cases - 1) * math.sqrt(cases / (cases - 1)))


def bootstrap(rows: int, statistic, method: str, confidence: float) -> tuple[float, float]:
    """SciPy's interval of a statistic of row numbers, which it takes as an array of resamples x rows."""
    result = stats.bootstrap(
        (np.arange(rows),),
        statistic,
        n_resamples=RESAMPLES,
        batch=500,
        method=method,
        confidence_level=confidence,
        rng=np.random.default_rng(5),
    ).confidence_interval
    return result.low, result.high


def levels(scores: np.ndarray):
    return lambda rows: np.nanmean(scores[rows], axis=-2)


def slope(values: np.ndarray) -> np.ndarray:
    turns = np.arange(values.shape[-1]) - (values.shape[-1] - 1) / 2
    return values @ turns / (turns @ turns)


def check_study(study: dict, report: Report) -> None:
    scores = np.array(study["scores"], dtype=float)
    cases = len(scores)
    name = f"{study['name']}, {cases} cases"
    of_levels = levels(scores)
    fit = stats.linregress(np.arange(1, scores.shape[1] + 1), of_levels(np.arange(cases)))
    report.close(f"{name}, IR by linregress", study["fit"]["slope"], fit.slope, 1e-12)
    report.close(f"{name}, R2 by linregress", study["fit"]["r2"], fit.rvalue**2, 1e-12)
    statistics = {
        "AL(1)": (study["intervals"]["levels"][0], lambda rows, axis=-1: of_levels(rows)[..., 0]),
        "AL(10)": (study["intervals"]["levels"][9], lambda rows, axis=-1: of_levels(rows)[..., 9]),
        "average": (study["intervals"]["average"], lambda rows, axis=-1: of_levels(rows).mean(axis=-1)),
        "IR": (study["intervals"]["improvementRate"], lambda rows, axis=-1: slope(of_levels(rows))),
    }
    for statistic, (ours, function) in statistics.items():
        start = time.perf_counter()
        theirs = bootstrap(cases, function, "percentile", expanded_confidence(cases))
        seconds = time.perf_counter() - start
        report.interval(f"{name}, {statistic}, percentile", ours, theirs, SAME_KIND)
        if cases >= 100:
            report.interval(f"{name}, {statistic}, BCa", ours, bootstrap(cases, function, "BCa", 0.95), OTHER_KIND)
    print(f"      12 intervals took {study['milliseconds']:.0f} ms, one of SciPy's {1000 * seconds:.0f} ms")


def check_pair(study: dict, report: Report) -> None:
    differences = np.array(study["other"], dtype=float) - np.array(study["scores"], dtype=float)
    ours = study["paired"]["average"]
    cases = len(differences)
    theirs = np.nanmean(differences, axis=0).mean()
    report.close(f"{study['name']}, difference", ours["difference"], theirs, 1e-12)
    test = stats.permutation_test(
        (np.ones(cases),),
        lambda signs, axis=-1: np.nanmean(signs[..., None] * differences, axis=-2).mean(axis=-1),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=500,
        rng=np.random.default_rng(5),
    )
    # Four standard errors of two shares over so many resamples.
    tolerance = 1e-4 + 4 * math.sqrt(2 * test.pvalue * (1 - test.pvalue) / RESAMPLES)
    report.close(f"{study['name']}, permutation p", ours["pValue"], test.pvalue, tolerance)
    of_turns = levels(differences)
    interval = bootstrap(
        cases, lambda rows, axis=-1: of_turns(rows).mean(axis=-1), "percentile", expanded_confidence(cases)
    )
    report.interval(f"{study['name']}, interval of the difference", ours["interval"], interval, SAME_KIND)


def check_kappa(ours: dict, ratings: list[dict], report: Report) -> None:
    judge = np.array([row["judge"] for row in ratings])
    human = np.array([row["human"] for row in ratings])
    weights = None if ours["weights"] == "none" else ours["weights"]

    def kappa(rows: np.ndarray) -> float:
        return cohen_kappa_score(judge[rows], human[rows], weights=weights, labels=SCALE)

    report.close(f"kappa, {ours['weights']}", ours["kappa"], kappa(np.arange(len(judge))), 1e-12)
    rng = np.random.default_rng(5)
    draws = [kappa(rng.integers(len(judge), size=len(judge))) for _ in range(2_000)]
    tail = (1 - expanded_confidence(len(judge))) / 2
    # A fifth of the resamples, as each of them is slow: twice the distance.
    theirs = tuple(np.quantile(draws, [tail, 1 - tail]))
    report.interval(f"kappa, {ours['weights']}, interval", ours["interval"], theirs, 2 * SAME_KIND)


def check_design(design: dict, report: Report) -> None:
    def power(cases: int) -> float:
        noncentrality = design["difference"] / design["deviation"] * math.sqrt(cases)
        critical = stats.t.ppf(0.975, cases - 1)
        return stats.nct.sf(critical, cases - 1, noncentrality) + stats.nct.cdf(-critical, cases - 1, noncentrality)

    cases = design["cases"]
    detail = f"{cases} cases have a power of {power(cases):.3f}, {cases - 1} of {power(cases - 1):.3f}"
    name = f"cases for a difference of {design['difference']} at a deviation of {design['deviation']}"
    report.check(name, power(cases) >= 0.8 > power(cases - 1), detail)


def main() -> int:
    data = json.loads(Path(sys.argv[1]).read_text())
    report = Report()
    for study in data["studies"]:
        check_study(study, report)
        check_pair(study, report)
    for ours in data["kappas"]:
        check_kappa(ours, data["ratings"], report)
    for design in data["designs"]:
        check_design(design, report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
