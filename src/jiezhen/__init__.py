"""Jiezhen 街镇: the platform on which a subdistrict or town office runs its year."""
