"""Measurements for Prometheus, and what is asked by whoever watches over the process."""
