"""Who did what, when and why: appended by operations, sealed, never edited."""
