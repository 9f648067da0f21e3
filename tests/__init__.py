"""Tests of USO Bot."""
