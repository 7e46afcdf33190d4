"""Periods, quantities, Chinese numerals, expressions: pure Python, no Django."""
