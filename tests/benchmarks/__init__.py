"""The figures of speed that the toolkit is held to, as ratios measured in one run on one machine: `make bench`."""
