"""Value objects that every room speaks: pure, immutable, free of I/O."""
