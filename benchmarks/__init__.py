"""Speed and memory, as ratios measured side by side in one run. ``make benchmarks`` writes docs/benchmarks.md."""
