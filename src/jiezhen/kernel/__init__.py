"""Working time, periods, quantities, Chinese numerals, expressions: pure Python, no Django."""
