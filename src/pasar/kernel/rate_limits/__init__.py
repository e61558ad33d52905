"""How many calls one caller may make: who counts (`limiter`), and where it is counted (`stores`)."""
