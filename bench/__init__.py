"""Measurements: ratios of our program and its peers, taken in one run (docs/performance.md)."""
