"""Rules of petitions and signatures: pure, the clock is an argument."""
