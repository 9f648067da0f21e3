"""Benchmarks: each prints what ran on what."""
