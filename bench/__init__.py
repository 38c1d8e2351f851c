"""Measurements on a stack of their own; figures are ratios against a floor of the same run."""
